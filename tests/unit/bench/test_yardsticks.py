"""The yardstick's programs are run when they can be, and believed only when they name a figure."""

from pathlib import Path

import pytest

from deploy.local.bench import yardsticks
from deploy.local.bench.yardsticks import Yardstick, rate_in
from deploy.local.state import SetupError


def test_a_programs_figure_is_taken_from_what_it_prints() -> None:
    assert rate_in("limit_batched publish 48000/s  end-to-end 11523/s  (20000 events, 100 per message)\n") == 11523


def test_a_program_that_names_no_figure_is_not_believed() -> None:
    with pytest.raises(SetupError, match="no such table"):
        rate_in("Traceback (most recent call last): no such table")


def test_a_program_that_is_not_there_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yardsticks, "FOLDER", tmp_path)

    assert set(yardsticks.absent()) == {"limit_batched", "limit_aio_pika", "peer_faststream", "peer_celery"}


def test_a_program_whose_packages_are_missing_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yardsticks, "FOLDER", tmp_path)
    (tmp_path / "quick.py").touch()

    assert Yardstick("quick", ("json", "no_such_package")).lacking() == "needs no_such_package"
    assert Yardstick("quick", ("json",)).lacking() == ""
