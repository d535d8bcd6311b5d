"""E-mail to a real SMTP server: what arrives, and what each refusal means."""

import ssl
from uuid import UUID

import pytest

from services.notify.channels import Message, Undeliverable
from services.notify.channels.email import EmailChannel
from tests.integration.notify.builders import ANI, NOON, a_contact
from tests.integration.notify.conftest import OpenPostOffice

NOTICE = UUID(int=77)
TEXT = "Karya Ibu terjual: Rp700.000 untuk Ibu\n\nHalo Ibu Siti Aminah,\n\nKabar baik – terima kasih."


def a_message(email: str = "siti@example.org") -> Message:
    return Message(NOTICE, ANI, "item-sold", a_contact(email=email), TEXT, NOON)


async def test_a_notice_arrives_as_she_reads_it(open_post_office: OpenPostOffice) -> None:
    office = await open_post_office()

    await EmailChannel.of(office.url).send(a_message())

    (letter,) = office.letters
    assert (letter["To"], letter["From"]) == ("siti@example.org", "kabar@karya.example.org")
    assert letter["Subject"] == "Karya Ibu terjual: Rp700.000 untuk Ibu"
    assert letter["Content-Language"] == "id"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().splitlines() == TEXT.splitlines()


async def test_a_notice_that_is_sent_twice_is_the_same_message(open_post_office: OpenPostOffice) -> None:
    office = await open_post_office()
    channel = EmailChannel.of(office.url)

    await channel.send(a_message())
    await channel.send(a_message())

    assert [letter["Message-ID"] for letter in office.letters] == [f"<{NOTICE}@karya.example.org>"] * 2


@pytest.mark.parametrize(
    ("answer", "reason", "permanent"),
    [
        ("550 no such mailbox", "recipient_refused_550", True),
        ("450 mailbox is busy", "recipient_refused_450", False),
    ],
)
async def test_a_refused_recipient(open_post_office: OpenPostOffice, answer: str, reason: str, permanent: bool) -> None:
    office = await open_post_office()
    office.refused["siti@example.org"] = answer

    with pytest.raises(Undeliverable) as refused:
        await EmailChannel.of(office.url).send(a_message())

    assert (refused.value.reason, refused.value.permanent) == (reason, permanent)


@pytest.mark.parametrize(("answer", "permanent"), [("554 not this", True), ("451 later", False)])
async def test_a_refused_message(open_post_office: OpenPostOffice, answer: str, permanent: bool) -> None:
    office = await open_post_office()
    office.data_answer = answer

    with pytest.raises(Undeliverable, match="message_refused") as refused:
        await EmailChannel.of(office.url).send(a_message())

    assert refused.value.permanent is permanent


async def test_a_server_that_is_away_may_come_back(open_post_office: OpenPostOffice, unused_tcp_port: int) -> None:
    channel = EmailChannel.of(f"smtp://127.0.0.1:{unused_tcp_port}?from=kabar@karya.example.org")

    with pytest.raises(Undeliverable, match="server_away") as refused:
        await channel.send(a_message())

    assert not refused.value.permanent


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_wrong_password_is_not_the_notices_fault(open_post_office: OpenPostOffice) -> None:
    office = await open_post_office(password="right")
    right, wrong = (office.url.replace("//", f"//kabar:{password}@") for password in ("right", "wrong"))

    await EmailChannel.of(right).send(a_message())
    with pytest.raises(Undeliverable, match="server_refused_535") as refused:
        await EmailChannel.of(wrong).send(a_message())

    assert not refused.value.permanent
    assert len(office.letters) == 1


async def test_no_letter_goes_through_an_encryption_that_nobody_vouches_for(open_post_office: OpenPostOffice) -> None:
    office = await open_post_office(tls=ssl.create_default_context(ssl.Purpose.CLIENT_AUTH))

    with pytest.raises(Undeliverable, match="server_away"):
        await EmailChannel.of(office.url).send(a_message())

    assert office.letters == []


async def test_an_error_tells_nothing_of_whom_it_was_for(open_post_office: OpenPostOffice) -> None:
    office = await open_post_office()
    office.refused["siti@example.org"] = "550 siti@example.org: no such mailbox"
    message = a_message()

    with pytest.raises(Undeliverable) as refused:
        await EmailChannel.of(office.url).send(message)

    assert "siti" not in f"{refused.value!r} {message!r}".lower()
