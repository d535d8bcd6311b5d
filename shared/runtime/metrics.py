"""Prometheus metrics, the same for every service."""

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

OUTBOX_DEPTH = Gauge("karya_outbox_depth", "Events committed and not yet sent", ["service"])
OUTBOX_AGE = Gauge("karya_outbox_age_seconds", "Age of the oldest event not yet sent", ["service"])
UNROUTABLE = Gauge("karya_outbox_unroutable", "Events that reached no queue although somebody listens", ["service"])
PUBLISHED = Counter("karya_events_published_total", "Events confirmed by the broker", ["service"])
RECEIVED = Counter("karya_events_received_total", "Events taken from the broker", ["service", "type"])
DUPLICATES = Counter("karya_inbox_duplicates_total", "Events without effect, by reason", ["service", "type", "reason"])
PARKED = Counter(
    "karya_parked_total",
    "Messages parked, by reason; again when one that waited needs a person",
    ["service", "type", "kind", "code", "state"],
)
PARKED_OPEN = Gauge(
    "karya_parked_open", "Messages that wait or need a person, by reason", ["service", "kind", "code", "state"]
)
RESOLVED = Counter("karya_parked_resolved_total", "Parked messages that are settled, by act", ["service", "act"])
DEAD = Counter("karya_dead_total", "Deliveries whose body could not be read at all", ["service", "queue"])
BATCH = Histogram(
    "karya_batch_events", "Events that shared a transaction", ["service"], buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500)
)
HANDLER = Histogram("karya_handler_seconds", "Time of one transaction", ["service", "queue"], buckets=SECONDS)
REQUEST = Histogram("karya_request_seconds", "Time to answer", ["service", "type", "outcome"], buckets=SECONDS)
RETRIES = Counter("karya_retries_total", "Times that something waited for a server", ["service", "what"])
TOPOLOGY = Gauge("karya_topology_faults", "Differences between the broker and what is declared", ["service"])
QUEUE_DEPTH = Gauge("karya_queue_depth", "Messages that wait in a queue, in nobody's hand", ["service", "queue"])
QUEUE_BEHIND = Gauge("karya_queue_behind_seconds", "Since a queue was last seen empty", ["service", "queue"])
DIFFERENCES = Counter(
    "karya_digest_differences_total", "Events that had left a producer and not arrived", ["service", "producer"]
)
RESENT = Counter("karya_digest_resent_total", "Events that a producer sent again when asked", ["service", "producer"])
UNKNOWN = Counter("karya_digest_unknown_total", "Events taken that no producer has in its log", ["service"])
UNSETTLED = Gauge("karya_digest_unsettled", "Events still missing though sent again three times", ["service"])
DIGEST_AGE = Gauge("karya_digest_age_seconds", "Since the last comparison with the producers", ["service"])
