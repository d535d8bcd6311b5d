"""A link opens one statement, and nobody makes one up."""

import base64
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.sales.links import Links
from shared.contracts.sales.statements import ReadStatement

KEY, OTHER = bytes(range(32)), bytes(32)
LINKS = Links(KEY)


@given(st.uuids())
def test_a_token_opens_its_statement_in_this_installation_only(statement: UUID) -> None:
    token = LINKS.token(statement)
    assert LINKS.open(token) == statement
    assert Links(KEY).token(statement) == token
    assert Links(OTHER).open(token) is None
    assert ReadStatement(token=token).token == token


@given(
    st.uuids(), st.integers(0, 42), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
)
def test_a_token_with_another_letter_opens_nothing(statement: UUID, place: int, letter: str) -> None:
    token = LINKS.token(statement)
    other = token[:place] + letter + token[place + 1 :]
    assert LINKS.open(other) == (statement if other == token else None)


@pytest.mark.parametrize("token", ["", "A", "AAAA", "A" * 22, "A" * 43, "A" * 44, "A" * 100, "_-_-", "*", "ä" * 43])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    assert LINKS.open(token) is None


def test_a_statement_s_id_alone_does_not_say_its_token() -> None:
    statement = uuid4()
    token = LINKS.token(statement)
    assert len(base64.urlsafe_b64decode(token + "=")) == 32
    assert base64.urlsafe_b64decode(token + "=")[16:] != statement.bytes


def test_the_key_is_32_bytes_or_none() -> None:
    assert Links.of("") is None
    assert Links.of(base64.b64encode(KEY).decode()).token(UUID(int=1)) == LINKS.token(UUID(int=1))  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="31 bytes"):
        Links(bytes(31))
    with pytest.raises(ValueError, match="base64"):
        Links.of("*")


def test_a_page_is_where_the_house_is() -> None:
    statement = uuid4()
    assert (
        LINKS.url("https://karya.example/", statement) == f"https://karya.example/statements/{LINKS.token(statement)}"
    )


def test_what_cannot_be_a_token_is_not_even_asked_for() -> None:
    for token in ("", "a b", "../x", "A" * 101):
        with pytest.raises(ValidationError):
            TypeAdapter(ReadStatement).validate_python({"token": token})
