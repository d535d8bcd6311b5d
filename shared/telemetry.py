"""Trace context: W3C `traceparent` in, spans, `traceparent` out. The exporter is off unless it is configured."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Link, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()


def configure(service: str) -> None:
    """Called once by each process. `OTEL_EXPORTER_OTLP_ENDPOINT` switches the export on."""
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


@contextmanager
def span(name: str, kind: SpanKind, parents: Sequence[str | None]) -> Iterator[str]:
    """A span that continues the only parent, or links to several; yields its own `traceparent`."""
    contexts = [_propagator.extract({"traceparent": parent}) for parent in parents if parent]
    parent = contexts[0] if len(contexts) == 1 else None
    links = [] if parent else [Link(trace.get_current_span(context).get_span_context()) for context in contexts]
    tracer = trace.get_tracer("karya")
    with tracer.start_as_current_span(name, context=parent, kind=kind, links=links):
        yield current()


def current() -> str:
    """The `traceparent` of the span under way, or an empty string."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent", "")
