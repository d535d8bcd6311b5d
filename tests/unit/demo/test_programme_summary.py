"""What a coordinator reads of the programme is what the system has said."""

import io
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from deploy.local.demo import programme_summary
from deploy.local.demo.outcome import Outcome

STEPS = {"registration": 20, "training": 18, "accompaniment": 4, "licensing": 0, "marketing": 17}


def said() -> dict[str, Any]:
    return {
        "participants": {
            "registered": 60,
            "set_aside": [
                {"rusun": "pulogebang", "line": 22, "outcome": "duplicate", "reasons": []},
                {"rusun": "komarudin", "line": 22, "outcome": "refused", "reasons": ["phone: too short"]},
            ],
            "moved_from_to": ["komarudin", "pulogebang"],
        },
        "courses": {
            "cohorts": 7, "sessions": 28, "planned_minutes": 5040, "actual_minutes": 7710, "overrun_minutes": 2670,
            "enrolments": {"cancelled": 3, "completed": 73, "not_completed": 7, "waitlisted": 1}, "amendments": 1,
        },
        "certificate": {
            "number": "KR-2", "replaces": "KR-1", "is_pdf": True, "is_verified": True, "earlier_leads_to_it": True,
        },
        "selection": {
            "second_rounds": 4, "approved_in_second_round": 4, "after_a_remedial_session": 1, "refused": 2,
            "without_halal_certificate": 1, "jurors_who_trained_the_maker": 1,
        },
        "stories": {
            "products": 2_019, "with_a_photo": 25, "told": 25,
            "sku": "KARYA-01", "names_its_maker": True, "shows_parts_of_the_price": True,
            "withdrawn_sku": "KARYA-06", "withdrawn_names_nobody": True,
        },
        "accompaniment": {
            "funnel": {code: dict(STEPS) for code in ("pulogebang", "komarudin", "daan-mogot", "all")},
            "sixty_days_without_income": 1, "without_companion": 14, "candidates": 9, "asked_first": ["id-1"],
            "longest_without_income": ["id-2"],
        },
    }  # fmt: skip


def shown(programme: dict[str, Any]) -> str:
    names = {"id-1": "Siti Lestari", "id-2": "Wati Rahayu"}
    notices = {"total": 10, "by_state": {"sent": 9, "suppressed": 1}}
    outcome = SimpleNamespace(programme=programme, notices=notices, names=names)
    text = io.StringIO()
    programme_summary.show(Console(file=text, width=100), cast("Outcome", outcome))
    return " ".join(text.getvalue().split())


@pytest.mark.parametrize(
    "line",
    [
        "registered 60 makers from 3 lists Rusunawa Pulogebang, line 22: is on the list already",
        "Rusunawa Komarudin, line 22: refused: phone: too short",
        "taught 28 sessions of 7 courses: 84 hours planned, 128 held, 44 beyond the plan",
        "issued again KR-2 in the place of KR-1: PDF and QR pages checked",
        "second round 4 of 4 approved, 1 after a remedial session",
        "shown 2,019 products, 25 with a photo, 25 with a story in two languages",
        "and withdrawn the page of KARYA-06 has lost its maker's name",
        "registered trained visited earning Rusunawa Pulogebang 20 18 4 17",
        "no income 1 makers for 60 days or more: Wati Rahayu",
        "an order HOTEL-2026-12 is proposed to Siti Lestari, who stands first of 9 in batik",
    ],
)
def test_it_says_what_the_system_says(line: str) -> None:
    assert line in shown(said())


def test_it_says_when_a_page_is_not_as_it_should_be() -> None:
    wrong = said()
    wrong["certificate"]["is_verified"] = False
    wrong["stories"] |= {"names_its_maker": False, "withdrawn_names_nobody": False}
    text = shown(wrong)
    assert "its PDF or a QR page is not as it should be" in text
    assert "the page of KARYA-01 does not show what its maker agreed to" in text
    assert "the page of KARYA-06 still names its maker" in text
