"""What was measured is drawn, put into tables and into the docs, and read again from its JSON."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from deploy.local.bench import report
from deploy.local.bench.figures import Spread
from deploy.local.bench.picture import BARS_BEGIN, BARS_END, MOST_OF_GOAL, draw
from deploy.local.bench.report import BEGIN, END, Report
from deploy.local.state import SetupError

SVG = "{http://www.w3.org/2000/svg}"
FOUND = {
    "batches": Spread(5000.0, 6000.0, 7000.0, 3),
    "limit_batched": Spread(8000.0, 9000.0, 10000.0, 3),
    "batches_to_limit": Spread(0.5, 0.66, 0.9, 3),
    "report_200_p50": Spread(8.0, 9.0, 10.0, 3),
    "growth_0": Spread(5000.0, 5000.0, 5000.0, 1),
}
REPORT = Report(
    date(2026, 11, 26),
    {"cores": 2, "memory": 24, "system": "Linux 6.1", "python": "3.11.2"},
    {"peer_celery": "it is not there"},
    FOUND,
)


def drawn(kind: str, spreads: dict[str, Spread] | None = None) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(draw(spreads or FOUND, "2 cores & more"))
    return [one for one in root.iter() if one.get("class") == kind]


def test_a_goal_that_is_met_and_one_that_is_missed_look_different() -> None:
    assert len(drawn("met")) == 1
    assert len(drawn("missed")) == 1


def test_limits_and_peers_look_different_from_ours() -> None:
    assert len(drawn("other")) == 1
    assert len(drawn("ours")) == 3


def test_no_bar_leaves_its_track() -> None:
    wild = FOUND | {"report_200_p50": Spread(0.1, 0.1, 500.0, 3), "batches_to_celery": Spread(90.0, 95.0, 99.0, 3)}

    ends = [
        float(bar.get("x", "")) + float(bar.get("width", "")) for kind in ("met", "ours") for bar in drawn(kind, wild)
    ]
    assert max(ends) <= BARS_END + 0.1
    assert min(ends) > BARS_BEGIN


def test_the_line_of_every_goal_is_at_the_same_place() -> None:
    lines = [line.get("d", "").split()[0] for line in drawn("line")][:2]

    assert set(lines) == {f"M{BARS_BEGIN + (BARS_END - BARS_BEGIN) / MOST_OF_GOAL:.1f}"}


def test_whiskers_need_more_than_one_round() -> None:
    assert len(drawn("whisker")) == 2 + 3


def test_only_what_was_measured_is_drawn_and_its_text_is_escaped() -> None:
    root = ElementTree.fromstring(draw({"batches": FOUND["batches"]}, "2 cores & more"))

    titles = [one.text for one in root.iter(f"{SVG}text") if one.get("class") == "title"]
    assert len(titles) == 1
    assert "2 cores & more" in (root.findtext(f"{SVG}title") or "")


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    kept = tmp_path / "figures.json"
    kept.write_text(REPORT.as_json())

    assert report.read([kept]) == REPORT


def test_of_several_files_the_last_word_on_a_figure_counts(tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_text(REPORT.as_json())
    second.write_text(replace(REPORT, figures={"batches": Spread(1.0, 1.0, 1.0, 1)}).as_json())

    assert report.read([first, second]).figures == FOUND | {"batches": Spread(1.0, 1.0, 1.0, 1)}


@pytest.mark.parametrize("text", ["", "[]", json.dumps({"figures": {}})])
def test_a_file_that_holds_something_else_is_told_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.json").write_text(text)

    with pytest.raises(SetupError, match="no figures"):
        report.read([tmp_path / "other.json"])


def test_the_tables_say_where_and_when_and_whether_a_goal_is_met() -> None:
    told = report.markdown(REPORT)

    assert told.startswith("2026-11-26, 2 cores, 24 GB, Linux 6.1, Python 3.11.2:")
    assert "| batches of 100 / limit | 0.66 | 0.50 | 0.90 | x | ≥ 0.8 ✗ |" in told
    assert "| at 200 reports a second: p50 | 9.00 | 8.00 | 10.0 | ms | < 12 ✓ |" in told


def test_a_document_keeps_what_is_around_its_tables() -> None:
    once = report.put_into(f"before\n{BEGIN}old{END}after\n", REPORT)

    assert once == f"before\n{BEGIN}\n{report.markdown(REPORT)}\n{END}after\n"
    assert report.put_into(once, REPORT) == once


def test_a_document_without_a_place_for_tables_is_left_alone() -> None:
    with pytest.raises(SetupError, match="figures"):
        report.put_into("no marks", REPORT)
