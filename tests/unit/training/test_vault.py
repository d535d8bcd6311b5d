"""A NIK is sealed, recognised and shown by its end; nothing else can be learnt from what is kept."""

import base64
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag

from services.training.vault import Vault

NIK = "3175074508900001"
ANI, WATI = UUID(int=1), UUID(int=2)
KEY = bytes(range(32))


def test_a_sealed_nik_opens_again_for_its_maker() -> None:
    vault = Vault(KEY)
    kept = vault.seal(NIK, ANI)

    assert vault.reveal(kept.sealed, ANI) == NIK
    assert kept.last_four == "0001"


def test_what_is_kept_does_not_contain_the_nik() -> None:
    kept = Vault(KEY).seal(NIK, ANI)

    assert NIK[:12].encode() not in kept.sealed
    assert NIK[:12].encode() not in kept.fingerprint


def test_the_same_nik_has_one_fingerprint_and_never_the_same_text() -> None:
    vault = Vault(KEY)
    first, second = vault.seal(NIK, ANI), vault.seal(NIK, WATI)

    assert first.fingerprint == second.fingerprint
    assert first.sealed != second.sealed
    assert first.sealed != vault.seal(NIK, ANI).sealed


def test_a_sealed_nik_does_not_open_for_another_maker() -> None:
    vault = Vault(KEY)

    with pytest.raises(InvalidTag):
        vault.reveal(vault.seal(NIK, ANI).sealed, WATI)


def test_a_changed_text_does_not_open() -> None:
    vault = Vault(KEY)
    sealed = bytearray(vault.seal(NIK, ANI).sealed)
    sealed[-1] ^= 1

    with pytest.raises(InvalidTag):
        vault.reveal(bytes(sealed), ANI)


def test_another_key_neither_opens_nor_recognises() -> None:
    mine, other = Vault(KEY), Vault(KEY[::-1])
    kept = mine.seal(NIK, ANI)

    with pytest.raises(InvalidTag):
        other.reveal(kept.sealed, ANI)
    assert other.seal(NIK, ANI).fingerprint != kept.fingerprint


def test_the_vault_opens_with_the_setting_and_is_absent_without_it() -> None:
    vault = Vault.of(base64.b64encode(KEY).decode())

    assert vault is not None
    assert vault.reveal(Vault(KEY).seal(NIK, ANI).sealed, ANI) == NIK
    assert Vault.of("") is None


@pytest.mark.parametrize("setting", ["not base64!", base64.b64encode(b"short").decode()])
def test_what_is_no_key_is_refused(setting: str) -> None:
    with pytest.raises(ValueError):
        Vault.of(setting)
