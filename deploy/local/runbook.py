"""The table of reasons in the runbook of parked messages, written from what the services say of their codes."""

from collections.abc import Iterator, Mapping

from deploy.local.state import REPOSITORY
from services.sales.domain.reasons import REASONS as SALES
from shared.errors import Reason
from shared.runtime.parked.reasons import KINDS, OTHERS
from shared.runtime.parked.reasons import REASONS as EVERYWHERE

PAGE = REPOSITORY / "docs" / "runbooks" / "parked.md"
BEGIN, END = "<!-- reasons -->", "<!-- /reasons -->"
REST = "any other"


def text() -> str:
    """The page with its table as it should be now."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def table() -> str:
    rows = ["| code | of | what has happened | what to do |", "|---|---|---|---|"]
    rows += _rows("sales", SALES)
    rows += _rows("every service", EVERYWHERE)
    rows += [_row(f"{REST} of kind `{kind}`", "every service", reason) for kind, reason in KINDS.items()]
    return "\n".join([*rows, _row(REST, "every service", OTHERS)])


def _rows(owner: str, reasons: Mapping[str, Reason]) -> Iterator[str]:
    for code in sorted(reasons):
        yield _row(f"`{code}`", owner, reasons[code])


def _row(code: str, owner: str, reason: Reason) -> str:
    return f"| {code} | {owner} | {reason.means} | {reason.remedy} |"
