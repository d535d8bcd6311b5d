"""What a seal of the ledger is made of, and what is wrong when it does not hold."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

PART = 10_000
"""Numbers of entries that a part is about."""

NOTHING = bytes(32)
"""In the place of the hash before the first seal."""


class Part(NamedTuple):
    """Of the entries numbered from `part * PART` on: how many, their sum in rupiah, the digest of their text."""

    part: int
    entries: int
    amount: int
    digest: bytes


class Seal(NamedTuple):
    """As it is stored; `parts` in their order."""

    no: int
    day: date
    upto: int
    entries: int
    amount: int
    hash: bytes
    previous: bytes
    sealed_at: datetime
    parts: Sequence[Part] = ()


class Fault(NamedTuple):
    """What does not match, and of which day's seal; None: there is no seal at all."""

    day: date | None
    seal: int
    what: str

    @property
    def of(self) -> str:
        return str(self.day or "before the first day")

    def __str__(self) -> str:
        return f"{self.of} (seal {self.seal}): {self.what}"


def hash_of(seal: Seal) -> bytes:
    """sha256 of the hash before, a line of what the seal says, and a line of each part."""
    sealed = hashlib.sha256(seal.previous)
    sealed.update(f"\n{seal.no}|{seal.day}|{seal.upto}|{seal.entries}|{seal.amount}".encode())
    for part in seal.parts:
        sealed.update(f"\n{part.part}|{part.entries}|{part.amount}|{part.digest.hex()}".encode())
    return sealed.digest()


def make_seal(previous: Seal | None, upto: int, parts: Sequence[Part], day: date, at: datetime) -> Seal:
    """The next one after `previous`; without it the first."""
    seal = Seal(
        no=previous.no + 1 if previous else 1,
        day=day,
        upto=upto,
        entries=sum([part.entries for part in parts]),
        amount=sum([part.amount for part in parts]),
        hash=b"",
        previous=previous.hash if previous else NOTHING,
        sealed_at=at,
        parts=parts,
    )
    return seal._replace(hash=hash_of(seal))


def is_due(last: datetime | None, oldest: datetime | None, midnight: datetime) -> bool:
    """Once a day. `last`: when was sealed; without it `oldest`, when the first entry was recorded, counts."""
    since = last or oldest
    return since is not None and since < midnight


def check_chain(previous: Seal | None, seal: Seal) -> Iterator[Fault]:
    """What is wrong with the seal itself, whatever the entries say."""
    expected, no = (previous.hash, previous.no + 1) if previous else (NOTHING, 1)
    if seal.no != no:
        yield Fault(seal.day, seal.no, f"seal edited: seal {no} is missing before it")
    elif seal.previous != expected:
        yield Fault(seal.day, seal.no, "seal edited: it does not hold the hash of the seal before it")
    sums = sum([part.entries for part in seal.parts]), sum([part.amount for part in seal.parts])
    if hash_of(seal) != seal.hash or sums != (seal.entries, seal.amount):
        yield Fault(seal.day, seal.no, "seal edited: its hash is not that of what it says")


def check_parts(seal: Seal, found: Mapping[int, Part]) -> Iterator[Fault]:
    """What the ledger has of the seal's numbers, held against what the seal says; `found` by part."""
    sealed = {part.part: part for part in seal.parts}
    for number in sorted(sealed.keys() | found.keys()):
        ours, theirs = sealed.get(number), found.get(number)
        if ours != theirs:
            yield Fault(seal.day, seal.no, _difference(number, ours, theirs))


def _difference(number: int, sealed: Part | None, found: Part | None) -> str:
    there, were = found.entries if found else 0, sealed.entries if sealed else 0
    where = f"among the entries {number * PART} to {number * PART + PART - 1}"
    if there < were:
        return f"missing: {were - there} of {were} {where}"
    if there > were:
        return f"extra: {there - were} more than the {were} that were sealed {where}"
    more = (found.amount if found else 0) - (sealed.amount if sealed else 0)
    return f"changed: {where}, " + (f"which come to {more:+} rupiah" if more else "whose sum is the same")
