"""An installation's secrets: made once, and each reader gets only its own."""

import base64
import json
from pathlib import Path

from deploy.broker.definitions import SERVICES
from deploy.compose.secret_files import SecretFile, scram_verifier, secret_files
from deploy.compose.vault import OWNER_ONLY, Vault


def files_of(vault: Vault) -> dict[tuple[str, str], SecretFile]:
    return {(file.consumer, file.name): file for file in secret_files(vault)}


def test_a_later_start_hands_out_the_same_secrets(tmp_path: Path) -> None:
    first, second = files_of(Vault(tmp_path)), files_of(Vault(tmp_path))
    salted = ("rabbitmq", "definitions.json")
    assert first.pop(salted).text and second.pop(salted).text
    assert first == second


def test_two_installations_share_no_secret(tmp_path: Path) -> None:
    one, other = files_of(Vault(tmp_path / "one")), files_of(Vault(tmp_path / "other"))
    assert one.keys() == other.keys()
    assert not {file.text for file in one.values()} & {file.text for file in other.values()}


def test_a_service_gets_its_own_logins_and_only_training_the_key_of_the_niks(tmp_path: Path) -> None:
    files = files_of(Vault(tmp_path))
    for service in SERVICES:
        assert f"//{service}:" in files[service, "karya_database_url"].text
        assert files[service, "karya_database_url"].text.endswith(f"@postgres:5432/{service}")
        assert f"//{service}:" in files[service, "karya_amqp_url"].text
    for owner, key in (("training", "karya_nik_key"), ("sales", "karya_statement_key")):
        assert [consumer for consumer, name in files if name == key] == [owner]
        assert len(base64.b64decode(files[owner, key].text)) == 32


def test_the_servers_hold_hashes_and_no_service_s_password(tmp_path: Path) -> None:
    files = files_of(Vault(tmp_path))
    held = "".join(file.text for file in files.values() if file.consumer in {"postgres", "rabbitmq"})
    for service in SERVICES:
        for url in ("karya_database_url", "karya_amqp_url"):
            password = files[service, url].text.split("@")[0].rsplit(":", 1)[1]
            assert len(password) == 43
            assert password not in held
    assert len(json.loads(files["rabbitmq", "definitions.json"].text)["users"]) == 9


def test_what_can_log_in_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    readable = {key for key, file in files_of(Vault(tmp_path)).items() if file.mode != OWNER_ONLY}
    verifiers = {("postgres", f"{service}.scram") for service in SERVICES}
    assert readable == verifiers | {("rabbitmq", "definitions.json")}


def test_a_secret_that_a_person_brings_reaches_its_consumer_at_every_start(tmp_path: Path) -> None:
    Vault(tmp_path).give("notify", "karya_smtp_url", "smtp://mail:25?from=a@example.org")
    Vault(tmp_path).give("notify", "karya_smtp_url", "smtp://mail:587?from=a@example.org")
    given = files_of(Vault(tmp_path))["notify", "karya_smtp_url"]
    assert given.text == "smtp://mail:587?from=a@example.org"


def test_the_verifier_is_that_of_the_standard_s_example() -> None:
    # RFC 7677 section 3: user "user", password "pencil".
    expected = (
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
        "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )
    assert scram_verifier("pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")) == expected
