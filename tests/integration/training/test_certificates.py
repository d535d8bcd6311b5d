"""Certificates on a real database: checked by strangers, issued again, revoked, one at a time."""

import asyncio
from datetime import timedelta
from functools import partial
from uuid import UUID

import pypdfium2
import pytest

from services.training.handlers import certificates, completion
from services.training.storage import amendments as amendments_storage
from services.training.storage import certificates as certificates_storage
from services.training.storage import completion as completion_storage
from services.training.views import certificates as views
from shared.contracts.message import Event
from shared.contracts.training import (
    Certificate,
    CertificateIssued,
    CertificateRevoked,
    CertificateState,
    GetCertificate,
    GetCertificateFile,
    RecordPractical,
    ReissueCertificate,
    RevokeCertificate,
    Verification,
    VerifyCertificate,
)
from shared.db import Pool
from shared.errors import NotFound, Rejected
from tests.integration.training.builders import (
    NOON,
    Database,
    a_class,
    amend,
    complete,
    do,
    hold,
    late,
    look_at,
    present,
)

WHY = "her name was written wrong"
get_file = partial(views.get_certificate_file, public_url="https://karya.example")


async def a_certificate(pool: Pool) -> Certificate:
    cohort, [ani] = await a_class(pool, makers=1, sessions=1)
    await hold(pool, cohort, 1, 300, [present(ani)])
    [certificate] = (await complete(pool, cohort)).certificates
    return certificate


async def verify(pool: Pool, number: str) -> Verification:
    return await do(pool, views.verify_certificate, VerifyCertificate(number=number))


async def reissue(pool: Pool, number: str) -> tuple[Certificate, list[Event]]:
    asked = ReissueCertificate(number=number, reason=WHY)
    return await do(pool, certificates.reissue_certificate, asked, NOON + timedelta(days=2))


async def revoke(pool: Pool, number: str) -> tuple[Certificate, list[Event]]:
    asked = RevokeCertificate(number=number, reason="it was given to the wrong person")
    return await do(pool, certificates.revoke_certificate, asked, NOON + timedelta(days=3))


async def agree(pool: Pool, maker: UUID, granted: bool) -> None:
    await pool.execute(
        "INSERT INTO consent (maker_id, purpose, granted, at, recorded_by) VALUES ($1, 'public-name', $2, $3, 'x')",
        maker,
        granted,
        NOON,
    )


async def test_strangers_read_what_it_is_worth_and_her_name_only_while_she_wants_it(database: Database) -> None:
    pool = await database("training")
    issued = await a_certificate(pool)

    seen = await verify(pool, issued.number)

    assert seen == Verification(
        number=issued.number,
        state=CertificateState.VALID,
        replaced_by=None,
        craft=issued.craft,
        title="Batik tulis",
        minutes=300,
        issued_on=issued.issued_on,
        name="A.",
    )
    await agree(pool, issued.maker_id, granted=True)
    assert (await verify(pool, issued.number)).name == "Ibu Ani"
    await agree(pool, issued.maker_id, granted=False)
    assert (await verify(pool, issued.number)).name == "A."


async def test_a_certificate_issued_again_leads_from_the_old_number_to_the_new_one(database: Database) -> None:
    pool = await database("training")
    old = await a_certificate(pool)

    new, events = await reissue(pool, old.number)

    assert (new.number, new.replaces, new.state) == ("KR-2026-BTK-00002", old.number, CertificateState.VALID)
    assert events == [CertificateIssued(**new.model_dump())]
    seen = await verify(pool, old.number)
    assert (seen.state, seen.replaced_by) == (CertificateState.SUPERSEDED, new.number)
    assert await do(pool, views.get_certificate, GetCertificate(number=new.number)) == new
    assert await pool.fetchval("SELECT end_reason FROM certificate WHERE number = $1", old.number) == WHY
    [cohort_id] = {new.cohort_id}
    standing = await pool.fetch("SELECT number FROM certificate WHERE cohort_id = $1 AND state = 'valid'", cohort_id)
    assert [row["number"] for row in standing] == [new.number]


async def test_a_revoked_certificate_tells_so_and_why_stays_inside(database: Database) -> None:
    pool = await database("training")
    issued = await a_certificate(pool)

    revoked, events = await revoke(pool, issued.number)

    assert revoked.state is CertificateState.REVOKED
    [event] = events
    assert isinstance(event, CertificateRevoked)
    assert (event.number, event.maker_id) == (issued.number, issued.maker_id)
    assert "wrong person" not in event.model_dump_json()
    assert (await verify(pool, issued.number)).state is CertificateState.REVOKED


@pytest.mark.parametrize("first", [reissue, revoke])
@pytest.mark.parametrize("then", [reissue, revoke])
async def test_only_a_valid_one_is_issued_again_or_revoked(database: Database, first: object, then: object) -> None:
    pool = await database("training")
    issued = await a_certificate(pool)
    await first(pool, issued.number)  # type: ignore[operator]

    with pytest.raises(Rejected) as refused:
        await then(pool, issued.number)  # type: ignore[operator]

    assert refused.value.code == ("certificate_superseded" if first is reissue else "certificate_revoked")


async def test_of_five_who_act_on_one_certificate_at_once_one_does(database: Database) -> None:
    pool = await database("training")
    issued = await a_certificate(pool)

    acts = [reissue(pool, issued.number), revoke(pool, issued.number), reissue(pool, issued.number)]
    results = await asyncio.gather(*acts, *[reissue(pool, issued.number) for _ in range(2)], return_exceptions=True)

    assert [type(result) for result in results].count(Rejected) == 4
    assert await pool.fetchval("SELECT count(*) FROM certificate WHERE state = 'valid'") <= 1


async def test_the_paper_bears_her_name_and_a_dead_certificate_has_no_paper(database: Database) -> None:
    pool = await database("training")
    issued = await a_certificate(pool)

    paper = await do(pool, get_file, GetCertificateFile(number=issued.number))

    assert (paper.media_type, paper.filename) == ("application/pdf", "certificate-KR-2026-BTK-00001.pdf")
    text = pypdfium2.PdfDocument(paper.content)[0].get_textpage().get_text_range()
    assert "Ibu Ani" in text
    assert "https://karya.example/verify/KR-2026-BTK-00001" in text
    await revoke(pool, issued.number)
    with pytest.raises(Rejected) as refused:
        await do(pool, get_file, GetCertificateFile(number=issued.number))
    assert refused.value.code == "certificate_revoked"


async def test_of_a_maker_whose_name_is_gone_nothing_is_printed_and_nobody_reads_a_name(database: Database) -> None:
    pool = await database("training")
    issued = await a_certificate(pool)
    await agree(pool, issued.maker_id, granted=True)
    await pool.execute("UPDATE maker SET name = '' WHERE maker_id = $1", issued.maker_id)

    assert (await verify(pool, issued.number)).name is None
    with pytest.raises(Rejected) as refused:
        await do(pool, get_file, GetCertificateFile(number=issued.number))
    assert refused.value.code == "maker_anonymised"


async def test_what_was_written_about_a_maker_can_be_forgotten_and_the_rest_stays(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati] = await a_class(pool, makers=2, sessions=1)
    await hold(pool, cohort, 1, 300, [present(ani), present(wati)])
    for maker in (ani, wati):
        await amend(pool, cohort, 1, late(maker, 280))
        shown = RecordPractical(cohort_id=cohort.cohort_id, maker_id=maker, accepted=True, piece="Syal", note="hers")
        await do(pool, completion.record_practical, shown)
    for certificate in (await complete(pool, cohort)).certificates:
        await revoke(pool, certificate.number)

    async with pool.acquire() as tx, tx.transaction():
        for forget in (
            amendments_storage.forget_reasons,
            certificates_storage.forget_reasons,
            completion_storage.forget_notes,
        ):
            await forget(tx, ani)

    assert await pool.fetchval("SELECT array_agg(note ORDER BY seq) FROM practical") == [None, "hers"]
    assert await pool.fetchval("SELECT array_agg(reason <> '' ORDER BY version) FROM session_amendment") == [
        False,
        True,
    ]
    kept = await pool.fetch("SELECT maker_id, end_reason <> '' AS said, state FROM certificate")
    assert {(row["maker_id"], row["said"], row["state"]) for row in kept} == {
        (ani, False, "revoked"),
        (wati, True, "revoked"),
    }


async def test_a_number_that_was_never_given_is_not_found(database: Database) -> None:
    pool = await database("training")
    number = "KR-2026-BTK-00009"

    for asked in (verify(pool, number), reissue(pool, number), revoke(pool, number)):
        with pytest.raises(NotFound):
            await asked


async def test_a_cohort_shows_the_certificate_that_stands(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1, sessions=1)
    await hold(pool, cohort, 1, 300, [present(ani)])
    [issued] = (await complete(pool, cohort)).certificates
    new, _ = await reissue(pool, issued.number)

    assert [one.certificate for one in (await look_at(pool, cohort)).enrolments] == [new.number]
    await revoke(pool, new.number)
    assert [one.certificate for one in (await look_at(pool, cohort)).enrolments] == [None]
