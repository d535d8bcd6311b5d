"""Logs: JSON lines with ids, and nobody's data."""

import json
import subprocess
import sys

PHONE = "+62 812 1111 2222"
PROGRAM = f"""
import structlog
from shared import logs

logs.configure("sales")
phone = "{PHONE}"
try:
    raise ValueError("no such phone: " + phone)
except ValueError as error:
    structlog.get_logger().error("handler_failed", event_id="e-1", exc_info=error)
"""


def test_an_error_is_logged_with_its_place_and_without_its_words() -> None:
    # In a process of its own: structlog is configured once for each.
    printed = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout

    line = json.loads(printed)

    assert (line["event"], line["service"], line["event_id"]) == ("handler_failed", "sales", "e-1")
    assert line["error"] == "ValueError"
    assert any(":8 <module>" in place for place in line["trace"])
    assert PHONE not in printed
