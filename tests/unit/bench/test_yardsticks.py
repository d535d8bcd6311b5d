"""The yardstick's programs are run when they can be, and believed only when they name a figure."""

from pathlib import Path

import pytest

from deploy.local.bench import yardsticks
from deploy.local.bench.catalogue import Part
from deploy.local.bench.run import steps_of
from deploy.local.bench.yardsticks import ALL, rate_in
from deploy.local.state import SetupError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the programs would be; nothing is installed."""
    monkeypatch.setattr(yardsticks, "FOLDER", tmp_path)
    monkeypatch.setenv("KARYA_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize(
    ("told", "rate"),
    [
        ("limit_batched publish 48000/s  end-to-end 11523/s  (20000 events, 100 per message)\n", 11523),
        ("limit_postgres 16500/s (20000 events, batch 500)\n", 16500),
    ],
)
def test_a_programs_figure_is_taken_from_what_it_prints(told: str, rate: float) -> None:
    assert rate_in(told) == rate


def test_a_program_that_names_no_figure_is_not_believed() -> None:
    with pytest.raises(SetupError, match="no such table"):
        rate_in("Traceback (most recent call last): no such table")


@pytest.mark.usefixtures("folder")
def test_programs_that_are_not_there_are_not_run_and_nothing_is_installed_for_them() -> None:
    said: list[str] = []

    assert set(yardsticks.prepare(said.append)) == {one.name for one in ALL}
    assert said == []


def test_programs_whose_packages_cannot_be_had_say_how_to_get_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "peer_celery.py").touch()
    monkeypatch.setattr(yardsticks, "PACKAGES", ("./no-such-package",))

    absent = yardsticks.prepare(lambda _: None)

    assert "could not be installed" in absent["peer_celery"]
    assert "-m pip install" in absent["peer_celery"]
    assert "does not lie" in absent["limit_batched"]


def test_a_limit_is_measured_right_after_what_it_is_the_limit_of() -> None:
    names = [name for _, name, _ in steps_of({Part.THROUGHPUT, Part.PEERS}, absent=["peer_celery"])]

    assert names == [
        "batches of 100",
        "limit_batched",
        "batches of 500",
        "limit_postgres",
        "single events",
        "limit_aio_pika",
        "batches by HTTP",
        "peer_faststream",
    ]


def test_only_what_is_asked_for_is_measured() -> None:
    assert [name for _, name, _ in steps_of({Part.BACKLOG}, absent=[])] == ["a backlog"]
    assert steps_of({Part.GROWTH, Part.MILLION}, absent=[]) == []
