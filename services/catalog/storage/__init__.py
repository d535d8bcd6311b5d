"""Every statement that changes the catalog, and the rows that its decisions rest on."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """Who did it, and when."""

    by: str
    at: datetime
