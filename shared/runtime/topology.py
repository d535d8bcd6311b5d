"""Exchanges and queues, made from the contracts: the same names for services, tools and documents."""

from collections.abc import Sequence
from dataclasses import dataclass

from faststream.rabbit import ExchangeType, QueueType, RabbitExchange, RabbitQueue

from shared.contracts.message import Event

EVENTS = RabbitExchange("events", type=ExchangeType.TOPIC, durable=True)
"""Only relays write here; the routing key is the event's type."""

FEED = RabbitExchange("feed", type=ExchangeType.TOPIC, durable=True)
"""A second copy of every event, for those who only watch. On `events` a watcher of everything would make each event
count as delivered, and a service's queue that is missing would go unnoticed."""

OUTLETS = RabbitExchange("outlets", type=ExchangeType.TOPIC, durable=True)
"""Only outlets (and the gateway, for tills with HTTP) write here; the routing key is `<outlet>.<till>`."""

DELIVERY_LIMIT = 100
"""How often the broker brings a delivery back before it gives up. High: it comes back only when a process dies."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One queue: what it is bound to, and the types that come through it."""

    queue: RabbitQueue
    exchange: RabbitExchange
    binding: str
    types: tuple[type[Event], ...]


def dead(service: str) -> RabbitQueue:
    """Where bodies go that nobody could read at all."""
    return RabbitQueue(
        f"{service}.dead", queue_type=QueueType.QUORUM, durable=True, arguments={"x-delivery-limit": DELIVERY_LIMIT}
    )


def requests(service: str) -> RabbitQueue:
    """Classic and quick: what is in it expires with its asker's patience."""
    return RabbitQueue(f"{service}.requests", durable=True)


def feeds(service: str, own: Sequence[type[Event]]) -> list[Feed]:
    """A queue for each event type; all that tills report comes through one."""
    reports = tuple(event for event in own if event.owner() == "outlet")
    made = [Feed(_work(service, e.wire, e.wire), EVENTS, e.wire, (e,)) for e in own if e not in reports]
    if reports:
        made.insert(0, Feed(_work(service, "outlets", "#"), OUTLETS, "#", reports))
    return made


def _work(service: str, name: str, binding: str) -> RabbitQueue:
    return RabbitQueue(
        f"{service}.{name}",
        queue_type=QueueType.QUORUM,
        durable=True,
        routing_key=binding,
        arguments={
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": dead(service).name,
            "x-delivery-limit": DELIVERY_LIMIT,
        },
    )
