"""structlog to JSON lines on standard output, one event a line, with the ids of the moment."""

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

BROKERS = "aiormq.exceptions"
ADDRESSES = "Connection", "Channel"
"""What is called so shows itself as an address, without its password."""


def configure(service: str, level: str = "INFO") -> None:
    """Called once by each process. Library logs (warnings and worse) take the same road."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _trace,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.EventRenamer("event"), structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    root = logging.getLogger()
    root.handlers[:] = [_Forward()]
    root.setLevel(logging.WARNING)


def _trace(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What failed and where, without what was said: messages and variables may hold somebody's name or number."""
    error = event.pop("exc_info", None)
    error = error[1] if isinstance(error, tuple) else sys.exc_info()[1] if error is True else error
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        facts = {name: getattr(error, name, None) for name in ("sqlstate", "constraint_name", "table_name", "code")}
        event.update({name: str(value) for name, value in facts.items() if value})
        event["trace"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)[-12:]]
    return event


def tells_of_servers(said: Any) -> bool:
    """Whether it is an error whose words are a server's own: those of others may hold what was being dealt with."""
    return isinstance(said, OSError) or type(said).__module__ == BROKERS


class _Forward(logging.Handler):
    """Hands what libraries log to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        log.log(record.levelno, "library_log", message=_words(record), exc_info=record.exc_info or None)


class _Name(str):
    """A class's name, in place of its object. Without quotes, also where the library wants a `repr`."""

    __slots__ = ()
    __repr__ = str.__str__


def _words(record: logging.LogRecord) -> str:
    """One line of what a library says, without what it was dealing with: the broker's shows whole messages."""
    words, args = str(record.msg), record.args
    try:
        if isinstance(args, Mapping):
            words %= {name: _plain(one) for name, one in args.items()}
        elif args:
            words %= tuple([_plain(one) for one in args])
    except TypeError:  # it wants a number of something that is none for us; its words stay as they are
        pass
    return words.partition("\n")[0][:500]


def _plain(said: Any) -> Any:
    name = type(said).__name__
    known = said is None or isinstance(said, str | int | float) or tells_of_servers(said) or name.endswith(ADDRESSES)
    return said if known else _Name(name)
