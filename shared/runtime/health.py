"""Tells whether this process is well, and its metrics: the only HTTP of a service, for machines."""

import json
import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import make_wsgi_app

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(slots=True)
class Health:
    """`faults` by what they are about; ready means started, and no faults."""

    started: bool = False
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        return self.started and not self.faults

    def report(self, what: str, fault: str | None) -> None:
        """Sets or clears one fault."""
        if fault:
            self.faults[what] = fault
        else:
            self.faults.pop(what, None)

    def body(self) -> dict[str, Any]:
        return {"ready": self.ready, "started": self.started, "faults": dict(self.faults), "pid": os.getpid()}


def serve(health: Health, bind: str, port: int) -> None:
    """`/health/live`, `/health/ready` (503 and the faults when it is not) and `/metrics`, in a thread of their own."""
    metrics_app = make_wsgi_app()

    def app(environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            return metrics_app(environ, start)  # type: ignore[no-any-return]
        known = path in ("/health/live", "/health/ready")
        well = path == "/health/live" or (known and health.ready)
        status = "200 OK" if well else "503 Service Unavailable" if known else "404 Not Found"
        start(status, [("Content-Type", "application/json")])
        return [json.dumps(health.body()).encode()]

    server = make_server(bind, port, app, handler_class=_Silent)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()


class _Silent(WSGIRequestHandler):
    """Logs no line for each look."""

    def log_message(self, *_: Any) -> None: ...
