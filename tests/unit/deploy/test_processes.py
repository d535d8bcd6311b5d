"""What services are told when they start on this machine."""

import base64
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from deploy.local import pids, processes
from deploy.local.processes import SETTINGS, Addresses
from deploy.local.state import SetupError, State
from shared.settings import Settings

HERE = Addresses("postgresql://sales:secret@127.0.0.1:1/sales", "amqp://sales:secret@127.0.0.1:2/")
OURS = {"KARYA_DATABASE_URL", "KARYA_AMQP_URL", "KARYA_METRICS_PORT", "KARYA_HTTP_PORT", "KARYA_NIK_KEY"} | {
    "KARYA_STATEMENT_KEY"
}


def test_every_setting_is_either_told_by_us_or_may_be_set_by_a_person() -> None:
    assert {f"KARYA_{name.upper()}" for name in Settings.model_fields} == OURS | set(SETTINGS)


def test_only_training_is_told_the_key_of_identity_numbers(tmp_path: Path) -> None:
    state = State(tmp_path)
    told = {name: processes._told(state, name, HERE) for name in ("training", "sales")}
    assert len(base64.b64decode(told["training"]["KARYA_NIK_KEY"])) == 32
    assert told["training"] == processes._told(State(tmp_path), "training", HERE)
    assert "KARYA_NIK_KEY" not in told["sales"]


def test_only_sales_is_told_the_key_of_statements(tmp_path: Path) -> None:
    state = State(tmp_path)
    told = {name: processes._told(state, name, HERE) for name in ("training", "sales", "gateway", "notify")}
    assert len(base64.b64decode(told["sales"]["KARYA_STATEMENT_KEY"])) == 32
    assert told["sales"] == processes._told(State(tmp_path), "sales", HERE)
    assert [name for name in told if "KARYA_STATEMENT_KEY" in told[name]] == ["sales"]
    assert told["sales"]["KARYA_STATEMENT_KEY"] != told["training"]["KARYA_NIK_KEY"]


def test_all_replicas_of_the_catalog_are_told_one_folder_for_photos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KARYA_FILES", raising=False)
    state = State(tmp_path)
    assert processes._told(state, "catalog", HERE)["KARYA_FILES"] == str(tmp_path / "files")
    assert (tmp_path / "files").is_dir()
    assert "KARYA_FILES" not in processes._told(state, "sales", HERE)
    monkeypatch.setenv("KARYA_FILES", "/mnt/photos")
    assert processes._told(state, "catalog", HERE)["KARYA_FILES"] == "/mnt/photos"


def test_a_new_address_or_setting_calls_for_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = State(tmp_path)
    before = processes._fingerprint(state, "sales", HERE)
    monkeypatch.setenv("KARYA_URL", "http://elsewhere")
    assert processes._fingerprint(state, "sales", HERE) == before
    monkeypatch.setenv("KARYA_LOG_LEVEL", "DEBUG")
    assert processes._fingerprint(state, "sales", HERE) != before
    monkeypatch.delenv("KARYA_LOG_LEVEL")
    moved = Addresses(HERE.database_url, "amqp://sales:secret@127.0.0.1:3/")
    assert processes._fingerprint(state, "sales", moved) != before


@pytest.mark.parametrize("nonsense", ["http", "-1", "0", "65536", "8080 "])
def test_a_port_that_is_none_is_said(nonsense: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KARYA_HTTP_PORT", nonsense)
    with pytest.raises(SetupError, match="KARYA_HTTP_PORT"):
        processes._wished_port()


def test_a_service_that_does_not_run_is_not_current(tmp_path: Path) -> None:
    assert not processes.is_current(State(tmp_path), "sales", HERE)


def test_a_log_that_has_grown_large_is_set_aside_before_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LOG_LIMIT", 10)
    log = tmp_path / "log" / "sales.log"
    log.parent.mkdir()
    log.write_text("x" * 11)
    assert processes._log(State(tmp_path), "sales") == log
    assert not log.exists()
    assert log.with_suffix(".log.1").read_text() == "x" * 11


def test_replicas_are_told_apart_by_their_number(tmp_path: Path) -> None:
    state, me = State(tmp_path), os.getpid()
    for name in ("sales-10", "sales", "sales-2", "sales-replay", "notify"):
        state.save(f"run/{name}.json", asdict(pids.Record(name, me, pids.birth_of(me) or "")))
    assert [record.name for record in processes.replicas(state, "sales")] == ["sales", "sales-2", "sales-10"]
    assert [processes.replica("sales", number) for number in (1, 2)] == ["sales", "sales-2"]
