"""A list of participants, taken in as it is: what became of each of its lines."""

from typing import Literal
from uuid import UUID

from shared.contracts.message import Code, Part, Upload
from shared.contracts.training.replies import Remark

Outcome = Literal["registered", "duplicate", "refused"]


class LineFault(Part):
    """What is wrong with a line. `reason` never repeats what stands there: it may be somebody's."""

    field: str
    reason: str


class ImportedLine(Part):
    """`line`: its number in the file, the first is 1. `maker_id`: hers; none when refused or not registered yet."""

    line: int
    outcome: Outcome
    maker_id: UUID | None
    errors: list[LineFault]
    warnings: list[Remark]


class ImportReport(Part):
    """`unknown_columns`: their headings; nothing was taken from them. Empty lines are left out."""

    rusun: Code
    dry_run: bool
    registered: int
    duplicates: int
    refused: int
    unknown_columns: list[str]
    lines: list[ImportedLine]


class ImportMakers(
    Upload[ImportReport],
    wire="training.ImportMakers.v1",
    accepts=("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    most_bytes=2 * 1024 * 1024,
):
    """Registers those of a list who are not registered yet. Headings in Indonesian or English, up to 1,000 people.

    Needed: nama/name, telepon/phone, blok/block, unit. Read too: nik, tanggal_lahir/birth_date, email, bahasa/language,
    persetujuan/consents, sejak/since. `dry_run`: says what would become of each line, and registers nobody.
    """

    rusun: Code
    dry_run: bool = False
