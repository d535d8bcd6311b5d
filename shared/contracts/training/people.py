"""Makers whose data is put right, who move, who are forgotten: each with what is answered."""

from typing import Literal
from uuid import UUID

from shared.contracts.message import Code, Command, Day, Moment, Name, Page, Part, Query, Why
from shared.contracts.training.replies import Maker, MakerWritten, Rusun
from shared.contracts.training.requests import Door, Email, Nik, Phone
from shared.contracts.training.terms import Language


class ChangeContact(Command[MakerWritten], wire="training.ChangeContact.v1"):
    """Puts right what is given and leaves the rest. An empty `email` takes hers away; `birth_date` is not kept."""

    maker_id: UUID
    name: Name | None = None
    phone: Phone | None = None
    email: Email | Literal[""] | None = None
    language: Language | None = None
    nik: Nik | None = None
    birth_date: Day | None = None


class Home(Part):
    """Where a maker lives from `since` to the day before `until`, or without an end.

    `replaced_at`: when another home was written for the same day; then this one no longer counts.
    """

    rusun: Code
    rusun_name: Name
    cooperative: Code
    block: str
    unit: str
    since: Day
    until: Day | None
    recorded_at: Moment
    by: Name
    replaced_at: Moment | None


class Homes(Part):
    maker_id: UUID
    items: list[Home]


class MoveMaker(Command[Homes], wire="training.MoveMaker.v1"):
    """From `since` on she lives there. What she sold before stays with the rusun and the cooperative of that day."""

    maker_id: UUID
    rusun: Code
    block: Door
    unit: Door
    since: Day


class ListHomes(Query[Homes], wire="training.ListHomes.v1"):
    """Every home of a maker, the first one first; a home that was put right stands before the one that counts."""

    maker_id: UUID


class RusunList(Part):
    items: list[Rusun]
    next: str | None


class ListRusun(Page[RusunList], wire="training.ListRusun.v1"):
    """By code."""


class AnonymiseMaker(Command[Maker], wire="training.AnonymiseMaker.v1"):
    """Takes away all that tells who she is, for good. `reason`: why, and nothing about her."""

    maker_id: UUID
    reason: Why
