"""Traces: off unless configured, and then really sent."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
PROGRAM = f"""
from opentelemetry.trace import SpanKind
from shared import telemetry

telemetry.configure("sales")
with telemetry.span("process sales.outlets", SpanKind.CONSUMER, ["{TRACE}"]) as mine:
    print(mine)
"""


class Collector:
    """An HTTP server that keeps what an exporter posts."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, bytes]] = []
        collector = self

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.posted.append((self.path, body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Take)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


def run(**settings: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_")} | settings
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_span_continues_the_trace_it_was_given() -> None:
    assert run().split("-")[1] == TRACE.split("-")[1]


def test_spans_are_exported_where_the_setting_says() -> None:
    collector = Collector()

    run(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_EXPORTER_OTLP_COMPRESSION="none")

    assert [path for path, _ in collector.posted] == ["/v1/traces"]
    assert b"process sales.outlets" in collector.posted[0][1]
    assert bytes.fromhex(TRACE.split("-")[1]) in collector.posted[0][1]
