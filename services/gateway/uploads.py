"""How large a file may be, by the path that it is sent to."""

import re

from services.gateway.routes import ROUTES
from services.gateway.shedding import USUAL_BYTES

NAME = re.compile(r"\\{\w+\\}")


def largest(path: str) -> int:
    """Bytes that the body of a request to this path may have."""
    return next((most for pattern, most in FILES if pattern.fullmatch(path)), USUAL_BYTES)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(NAME.sub("[^/]+", re.escape(path)))


FILES = [(_pattern(route.path), route.file_taken.most_bytes) for route in ROUTES if route.file_taken]
