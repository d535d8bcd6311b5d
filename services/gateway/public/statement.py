"""`/statements/{token}`: what a maker reads of her money, on her phone, without a login."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from babel.dates import format_date
from pydantic import ValidationError
from starlette.requests import Request as Http
from starlette.responses import Response

from services.gateway.asking import Asks, hand_out
from services.gateway.papers.maker import published_pdf
from services.gateway.papers.paper import ask_whole
from services.gateway.papers.words import addressed
from services.gateway.public.page import Endpoint, answer, render
from services.gateway.public.questions import ask, ask_aside
from services.gateway.public.words import KINDS, PAYOUT_STATES, WORDS
from shared.contracts.message import Part, Request
from shared.contracts.sales import StatementLine
from shared.contracts.sales.loans import ListLoans, LoanHead
from shared.contracts.sales.statements import PublishedStatement, ReadStatement
from shared.contracts.training import Language
from shared.contracts.training.names import GetNames
from shared.errors import NotFound
from shared.money import rupiah

R = TypeVar("R", bound=Part)
JAKARTA = ZoneInfo("Asia/Jakarta")
MOST_SHOWN = 200
"""Lines on the page: a phone shall open it at once. All of them are in the PDF."""


def endpoint(asks: Asks) -> Endpoint:
    """Her name is asked for now, and the page is kept by nobody."""

    async def show(http: Http, language: Language) -> Response | None:
        statement = await _read(asks, http)
        if statement is None:
            return None
        names, loans = await asyncio.gather(
            ask_aside(asks, GetNames(maker_ids=[statement.maker_id])),
            ask_aside(asks, ListLoans(maker_id=statement.maker_id, state="disbursed")),
        )
        name = next((one.name for one in names.items), "") if names else ""
        loan = next(iter(loans.items), None) if loans else None
        pdf = f"/statements/{http.path_params['token']}/pdf"
        return render("statement.html", language, {"pdf": pdf, **tell(statement, name, loan, language)})

    return answer(show)


def pdf_endpoint(asks: Asks) -> Endpoint:
    """All of it, to be printed or kept."""

    async def show(http: Http, _: Language) -> Response | None:
        statement = await _read(asks, http)
        return hand_out(await published_pdf(statement, _asker(asks))) if statement else None

    return answer(show)


def tell(statement: PublishedStatement, name: str, loan: LoanHead | None, language: Language) -> dict[str, Any]:
    """What stands on the page."""
    words = WORDS[language]
    month = format_date(date.fromisoformat(f"{statement.month}-01"), "LLLL y", locale=language)
    lines = statement.items
    return {
        "title": f"{words['statement']} {month}",
        "name": addressed(name),
        "month": month,
        "statement": statement,
        "made_up": words["made_up"].format(_day(statement.published_at, language)),
        "sums": [*_sums(lines, language)],
        "waiting": [*_waiting(lines, language)],
        "payouts": [(_day(line.at, language), -line.amount) for line in lines if line.kind == "payout"],
        "loan": loan,
        "lines": [_line(line, language) for line in lines[:MOST_SHOWN]],
        "older": words["older"].format(len(lines) - MOST_SHOWN) if len(lines) > MOST_SHOWN else "",
        "footer": words["statement_footer"].format(_day(statement.expires_at, language)),
    }


async def _read(asks: Asks, http: Http) -> PublishedStatement | None:
    """With all of its lines; None for a link that opens nothing."""
    try:
        return await ask_whole(_asker(asks), ReadStatement(token=http.path_params["token"]))
    except (NotFound, ValidationError):
        return None


def _asker(asks: Asks) -> Any:
    async def find(request: Request[R]) -> R:
        found = await ask(asks, request)
        if found is None:
            raise NotFound("unknown", "there is nothing of it")
        return found

    return find


def _sums(lines: list[StatementLine], language: Language) -> Iterator[tuple[str, int]]:
    """What each kind of entry came to: with what there was at the beginning they are what there is at the end."""
    for kind, name in KINDS[language].items():
        amounts = [line.amount for line in lines if line.kind == kind]
        if amounts:
            yield name, sum(amounts)
    others = [line.amount for line in lines if line.kind not in KINDS[language]]
    if others:
        yield "…", sum(others)


def _waiting(lines: list[StatementLine], language: Language) -> Iterator[tuple[str, int]]:
    for why in ("outlet", "hold", "payable"):
        amounts = [line.waiting_amount or 0 for line in lines if line.waits == why]
        if amounts:
            yield WORDS[language][f"waits_{why}"], sum(amounts)


def _line(line: StatementLine, language: Language) -> dict[str, Any]:
    """One entry, in words."""
    kind = KINDS[language].get(line.kind, line.kind)
    return {
        "day": _day(line.at, language),
        "what": kind,
        "title": line.title or line.sku or "",
        "amount": line.amount,
        "details": [*_details(line, language)],
        "waits": line.waits,
    }


def _details(line: StatementLine, language: Language) -> Iterator[str]:
    """Where it was sold, why it is this amount, and what becomes of it."""
    words = WORDS[language]
    if line.net is not None:
        yield f"{line.outlet}, {words['pieces'].format(line.quantity)}, {line.receipt}/{line.line}"
        others = words["and_co_makers"].format(rupiah(line.co_makers_share)) if line.co_makers_share else ""
        shared = words["shared_with"].format(rupiah(line.outlet_share or 0), rupiah(line.programme_share or 0))
        yield f"{words['buyer_paid'].format(rupiah(line.net))}: {shared}{others}"
    if line.waits:
        yield words[f"waits_{line.waits}"] + _until(line, language)
    elif line.payout_state and line.kind != "payout":
        yield words["in_payout"].format(PAYOUT_STATES[language].get(line.payout_state, line.payout_state))


def _until(line: StatementLine, language: Language) -> str:
    """Until when it waits, as far as that is known."""
    words = WORDS[language]
    if line.payable_from:
        return f", {words['payable_from'].format(_day(line.payable_from, language))}"
    return f", {words['due_by'].format(_day(line.due_by, language))}" if line.due_by else ""


def _day(at: date | datetime, language: Language) -> str:
    """`21 Nov 2026`, the day in Jakarta."""
    day = at.astimezone(JAKARTA).date() if isinstance(at, datetime) else at
    return str(format_date(day, "d MMM y", locale=language))
