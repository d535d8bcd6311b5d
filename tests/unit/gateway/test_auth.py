"""A key costs one look-up for some seconds, and no more memory than was set aside."""

import pytest

from services.gateway import auth
from services.gateway.auth import Account, Accounts, Role, fingerprint, require, require_own
from services.gateway.problems import HttpProblem

ANI = Account("ani", Role.COORDINATOR, None)
CITOS = Account("citos-1", Role.OUTLET, "citos")


class Book:
    """Whose key it is, and how often it was asked."""

    def __init__(self) -> None:
        self.looked_up = 0
        self.known = {fingerprint("good"): ANI}

    async def find(self, hashed: bytes) -> Account | None:
        self.looked_up += 1
        return self.known.get(hashed)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_a_key_is_looked_up_once_for_a_while() -> None:
    book, clock = Book(), Clock()
    accounts = Accounts(book.find, clock)
    for _ in range(3):
        assert await accounts.get("Bearer good") == ANI
    assert book.looked_up == 1
    clock.now += auth.KEPT_SECONDS
    book.known.clear()
    with pytest.raises(HttpProblem) as refused:
        await accounts.get("Bearer good")
    assert refused.value.status == 401
    assert book.looked_up == 2


async def test_an_unknown_key_is_looked_up_once_for_a_while_too() -> None:
    book = Book()
    accounts = Accounts(book.find, Clock())
    for _ in range(3):
        with pytest.raises(HttpProblem):
            await accounts.get("bearer wrong")
    assert book.looked_up == 1


async def test_no_number_of_wrong_keys_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "MOST_KEPT", 10)
    book = Book()
    accounts = Accounts(book.find, Clock())
    for n in range(30):
        with pytest.raises(HttpProblem):
            await accounts.get(f"Bearer wrong-{n}")
    for n in range(20, 30):
        with pytest.raises(HttpProblem):
            await accounts.get(f"Bearer wrong-{n}")
    assert book.looked_up == 30
    with pytest.raises(HttpProblem):
        await accounts.get("Bearer wrong-0")
    assert book.looked_up == 31


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer  ", "Basic good", "good"])
async def test_without_a_bearer_key_nobody_is_looked_up(header: str | None) -> None:
    book = Book()
    with pytest.raises(HttpProblem) as refused:
        await Accounts(book.find).get(header)
    assert refused.value.status == 401
    assert "WWW-Authenticate" in refused.value.headers
    assert book.looked_up == 0


def test_a_role_is_enough_or_it_is_told_which_would_be() -> None:
    require(ANI, frozenset({Role.COORDINATOR, Role.FINANCE}))
    with pytest.raises(HttpProblem, match="finance or juror"):
        require(ANI, frozenset({Role.JUROR, Role.FINANCE}))


def test_only_an_outlets_key_is_bound_to_an_outlet() -> None:
    require_own(ANI, "pim")
    require_own(CITOS, "citos")
    for other in ("pim", None):
        with pytest.raises(HttpProblem, match="citos only"):
            require_own(CITOS, other)


def test_services_see_role_and_name() -> None:
    assert (ANI.actor, CITOS.actor) == ("coordinator:ani", "outlet:citos-1")
