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

LIBRARIES = f"""
import asyncio
import gc
import logging

from aiormq.abc import DeliveredMessage
from aiormq.exceptions import AMQPConnectionError
from pamqp.commands import Basic
from pamqp.header import ContentHeader

from shared import logs


async def fail():
    raise ValueError("no such phone: {PHONE}")


async def main():
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)


logs.configure("training")
returned = DeliveredMessage(Basic.Return(), ContentHeader(), b'{{"phone": "{PHONE}"}}', None)
library = logging.getLogger("aiormq.channel")
library.error("Unhandled message %r returning", returned)
library.error("Callback %r error: %s", len, ValueError("{PHONE}"))
library.error("Got frame for closed channel %d: %r", 7, Basic.Return())
library.warning("Connection attempt to \\"%s\\" failed: %s.", "amqp://here", AMQPConnectionError("no queue 'sales'"))
asyncio.run(main())
gc.collect()
"""
SAID = [
    "Unhandled message DeliveredMessage returning",
    "Callback builtin_function_or_method error: ValueError",
    "Got frame for closed channel 7: Return",
    "Connection attempt to \"amqp://here\" failed: no queue 'sales'.",
    "Task exception was never retrieved",
]


def test_a_library_says_what_failed_and_not_whose_message_it_was() -> None:
    printed = subprocess.run([sys.executable, "-c", LIBRARIES], capture_output=True, text=True, check=True).stdout

    lines = [json.loads(line) for line in printed.splitlines()]

    assert [line["message"] for line in lines] == SAID
    assert lines[-1]["error"] == "ValueError"
    assert PHONE not in printed


def test_an_error_is_logged_with_its_place_and_without_its_words() -> None:
    # In a process of its own: structlog is configured once for each.
    printed = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout

    line = json.loads(printed)

    assert (line["event"], line["service"], line["event_id"]) == ("handler_failed", "sales", "e-1")
    assert line["error"] == "ValueError"
    assert any(":8 <module>" in place for place in line["trace"])
    assert PHONE not in printed
