"""The funnel follows from what was told, in whatever order it comes."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.training.domain.funnel import Told
from shared.contracts.message import Event
from shared.contracts.sales import MakersEarned
from shared.contracts.training import CertificateIssued, Craft, MakerMoved, MakerNotCompleted, MakerRegistered
from shared.contracts.training.progress import (
    MakerReachedStep,
    MakerStepWithdrawn,
    ProgrammeStep,
    ProgrammeStepsSet,
)

ANI, WATI, COHORT, VISIT, RECORD = [UUID(int=n) for n in range(1, 6)]
MARCH = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)
"""In Jakarta it is the 2nd already."""

TODAY = date(2026, 11, 21)


def a_home(maker: UUID, rusun: str = "pulogebang", since: date = date(2026, 1, 1)) -> MakerRegistered:
    return MakerRegistered(maker_id=maker, rusun=rusun, cooperative=f"kop-{rusun}", since=since)


def a_certificate(maker: UUID = ANI, **other: object) -> CertificateIssued:
    facts = {"number": "KR-1", "cohort_id": COHORT, "craft": Craft.BATIK, "title": "Batik", "minutes": 600}
    return CertificateIssued.model_validate({**facts, "maker_id": maker, "issued_on": date(2026, 5, 9)} | other)


def missed(maker: UUID = ANI) -> MakerNotCompleted:
    return MakerNotCompleted(
        cohort_id=COHORT, maker_id=maker, craft=Craft.BATIK, title="Batik", lacks=[], minutes=1, required_minutes=450
    )


def told(*events: Event) -> Told:
    found = Told()
    for event in events:
        found.hear(event, MARCH)
    return found


def test_whoever_is_registered_is_counted_where_she_lives_on_that_day() -> None:
    moved = MakerMoved(maker_id=ANI, rusun="komarudin", cooperative="kop", since=date(2026, 6, 15))
    found = told(a_home(ANI), a_home(WATI), moved)
    month = "registration 2026-03"
    assert found.count(TODAY) == {f"all {month}": 2, f"komarudin {month}": 1, f"pulogebang {month}": 1}
    assert found.count(date(2026, 6, 14)) == {f"all {month}": 2, f"pulogebang {month}": 2}
    assert found.count(date(2026, 3, 1)) == {}, "it was the 2nd of March in Jakarta"


def test_before_her_first_home_she_counts_where_that_one_is() -> None:
    found = told(a_home(ANI, since=date(2026, 12, 1)))
    assert found.count(TODAY) == {"all registration 2026-03": 1, "pulogebang registration 2026-03": 1}


def test_of_several_days_the_earliest_counts() -> None:
    found = told(
        a_home(ANI),
        MakersEarned(day=date(2026, 9, 9), maker_ids=[ANI]),
        MakersEarned(day=date(2026, 8, 8), maker_ids=[ANI]),
        MakerReachedStep(fact_id=RECORD, maker_id=ANI, step="marketing", reached_on=date(2026, 7, 7)),
    )
    assert found.count(TODAY)["all marketing 2026-07"] == 1
    assert "all marketing 2026-08" not in found.count(TODAY)


def test_what_is_withdrawn_counts_for_nothing() -> None:
    facts = [
        MakerReachedStep(fact_id=fact, maker_id=ANI, step="accompaniment", reached_on=date(2026, 7, day))
        for fact, day in ((VISIT, 1), (RECORD, 2))
    ]
    gone = [MakerStepWithdrawn(fact_id=fact.fact_id, maker_id=ANI, step="accompaniment") for fact in facts]
    assert told(a_home(ANI), *facts, gone[0]).count(TODAY)["all accompaniment 2026-07"] == 1
    assert "all accompaniment 2026-07" not in told(a_home(ANI), *facts, *gone).count(TODAY)


def test_a_course_counts_from_its_end_and_as_long_as_it_stands() -> None:
    assert told(a_home(ANI), a_certificate()).count(TODAY)["all training 2026-05"] == 1
    late = a_certificate(completed_on=date(2026, 4, 30))
    assert told(a_home(ANI), late).count(TODAY)["all training 2026-04"] == 1
    again = a_certificate(number="KR-2", replaces="KR-1", issued_on=date(2026, 8, 1))
    assert told(a_home(ANI), a_certificate(), again).count(TODAY)["all training 2026-05"] == 1
    assert "all training 2026-05" not in told(a_home(ANI), a_certificate(), missed()).count(TODAY)
    gained = told(a_home(ANI), missed(), a_certificate(), missed(), a_certificate())
    assert gained.count(TODAY)["all training 2026-05"] == 1


def test_the_order_of_the_steps_is_told() -> None:
    steps = [ProgrammeStep(code=code, name_id=code, name_en=code) for code in ("registration", "capital")]
    assert told(ProgrammeStepsSet(valid_from=TODAY, steps=steps)).orders == {TODAY: ["registration", "capital"]}


FACTS: list[Event] = [
    a_home(ANI),
    a_home(WATI, "komarudin"),
    MakerMoved(maker_id=WATI, rusun="pulogebang", cooperative="kop", since=date(2026, 2, 1)),
    a_certificate(),
    a_certificate(WATI, completed_on=date(2026, 5, 1)),
    MakersEarned(day=date(2026, 9, 9), maker_ids=[ANI, WATI]),
    MakersEarned(day=date(2026, 9, 9) - timedelta(days=90), maker_ids=[WATI]),
    MakerReachedStep(fact_id=VISIT, maker_id=ANI, step="accompaniment", reached_on=date(2026, 7, 7)),
    MakerReachedStep(fact_id=RECORD, maker_id=ANI, step="capital", reached_on=date(2026, 10, 7)),
    MakerStepWithdrawn(fact_id=VISIT, maker_id=ANI, step="accompaniment"),
]


@given(st.permutations(FACTS), st.lists(st.sampled_from(FACTS)))
def test_the_order_in_which_it_comes_and_repetitions_do_not_matter(shuffled: list[Event], again: list[Event]) -> None:
    assert told(*shuffled, *again).count(TODAY) == told(*FACTS).count(TODAY)
