"""The AsyncAPI 3.0 document: made from the contracts and from who listens to what, nothing written twice."""

from collections.abc import Iterable
from types import ModuleType
from typing import Any

from services.gateway.schemas import EXAMPLE, FAULT, PROBLEM, Json, batch_of, envelope_ref, envelopes_of, of_models, ref
from shared.contracts import catalog, notify, operations, outlets, sales, training
from shared.contracts.message import Event, Message, Request
from shared.contracts.subscriptions import PUBLISHED, SUBSCRIPTIONS
from shared.runtime import topology
from shared.runtime.envelope import BATCH, SINGLE

MODULES: dict[str, ModuleType] = {"training": training, "catalog": catalog, "sales": sales, "notify": notify}
OUTLETS, REPLIES = "outlets", "replies"
ABOUT = """\
Services speak only through the broker. Every message body is a CloudEvents 1.0 JSON batch: an array of 1 to 500
envelopes; the routing key of an event is its type. A consumer outside binds a queue of its own to the exchange
`events`; nothing inside changes. Delivery is at least once: an event's `id` says what was seen before. Unknown fields
are to be ignored. Money is whole rupiah. No event carries personal data."""
REPORTS_ABOUT = """\
What outlets' tills have done. The routing key is `<outlet code>.<till>`; a till logs in as its outlet's user, sets
`user_id` to it and publishes persistently. What cannot be read or contradicts what is recorded is kept for a person."""


def build() -> Json:
    """The whole document."""
    events = [event for owned in PUBLISHED.values() for event in owned]
    requests = [request for service in MODULES for request in requests_of(service)]
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Karya Rusun", "version": "1", "description": ABOUT},
        "defaultContentType": BATCH,
        "servers": {"broker": _server()},
        "channels": _channels(events),
        "operations": _operations(),
        "components": {
            "messages": _messages([*events, *outlets.TILL_REPORTS], requests),
            "schemas": _schemas([*events, *outlets.TILL_REPORTS], requests),
            "securitySchemes": {"login": {"type": "userPassword"}},
        },
    }


def requests_of(service: str) -> list[type[Request[Any]]]:
    """What a service can be asked: its own requests, and those that all answer."""
    found = [*vars(MODULES[service]).values(), *vars(operations).values()]
    owners = (service, "operations")
    return [one for one in found if _is_request(one) and one.owner() in owners]


def _is_request(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, Request) and "wire" in vars(thing)


def _channels(events: Iterable[type[Event]]) -> Json:
    channels: Json = {event.wire: _event_channel(event) for event in events}
    parts = {"outlet": {"description": "The outlet's code."}, "till": {"description": "The till's name."}}
    channels[OUTLETS] = {
        "address": "{outlet}.{till}",
        "description": REPORTS_ABOUT,
        "parameters": parts,
        "messages": {event.__name__: _message_ref(event) for event in outlets.TILL_REPORTS},
        "bindings": {"amqp": _exchange(topology.OUTLETS.name)},
    }
    for service in MODULES:
        channels[topology.requests(service).name] = _request_channel(service)
    answers = dict.fromkeys(r.reply() for service in MODULES for r in requests_of(service))
    messages = {reply.__name__: {"$ref": f"#/components/messages/{reply.__name__}"} for reply in answers}
    problem = {"Problem": {"$ref": "#/components/messages/Problem"}}
    channels[REPLIES] = {"address": None, "description": "Direct reply-to.", "messages": messages | problem}
    return channels


def _event_channel(event: type[Event]) -> Json:
    return {
        "address": event.wire,
        "messages": {event.__name__: _message_ref(event)},
        "bindings": {"amqp": _exchange(topology.EVENTS.name)},
    }


def _request_channel(service: str) -> Json:
    name = topology.requests(service).name
    queue = {"name": name, "durable": True, "exclusive": False, "autoDelete": False, "vhost": "/"}
    return {
        "address": name,
        "description": "Requests expire with their asker's patience. A command is done once for each `id`.",
        "messages": {request.__name__: _message_ref(request) for request in requests_of(service)},
        "bindings": {"amqp": {"is": "queue", "queue": queue, "bindingVersion": "0.3.0"}},
    }


def _operations() -> Json:
    found: Json = {}
    for service, published in PUBLISHED.items():
        for event in published:
            found[f"{service}.publishes.{event.__name__}"] = _operation("send", event.wire, [event])
        for event in SUBSCRIPTIONS[service]:
            channel = OUTLETS if event.owner() == "outlet" else event.wire
            found[f"{service}.handles.{event.__name__}"] = _operation("receive", channel, [event])
        for request in requests_of(service):
            found[f"{service}.answers.{request.__name__}"] = _answering(service, request)
    found["outlet.reports"] = _operation("send", OUTLETS, outlets.TILL_REPORTS)
    return found


def _operation(action: str, channel: str, messages: Iterable[type[Message]]) -> Json:
    persistent = {"deliveryMode": 2, "mandatory": True, "bindingVersion": "0.3.0"}
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{one.__name__}"} for one in messages],
        **({"bindings": {"amqp": persistent}} if action == "send" else {}),
    }


def _answering(service: str, request: type[Request[Any]]) -> Json:
    messages = [request.reply().__name__, "Problem"]
    return _operation("receive", topology.requests(service).name, [request]) | {
        "reply": {
            "address": {"location": "$message.header#/reply_to"},
            "channel": {"$ref": f"#/channels/{REPLIES}"},
            "messages": [{"$ref": f"#/channels/{REPLIES}/messages/{name}"} for name in messages],
        }
    }


def _messages(events: Iterable[type[Event]], requests: Iterable[type[Request[Any]]]) -> Json:
    found: Json = {event.__name__: _message(event, BATCH, batch_of(envelope_ref(event))) for event in events}
    for request in requests:
        found[request.__name__] = _message(request, SINGLE, envelope_ref(request))
        reply = request.reply()
        found[reply.__name__] = {"name": reply.__name__, "contentType": "application/json", "payload": ref(reply)}
    found["SaleReported"]["examples"] = [{"name": "one sale", "payload": [EXAMPLE]}]
    problem = {"$ref": "#/components/schemas/Problem"}
    found["Problem"] = {"name": "Problem", "contentType": "application/problem+json", "payload": problem}
    return found


def _message(kind: type[Message], content_type: str, payload: Json) -> Json:
    message = {"name": kind.wire, "title": kind.__name__, "contentType": content_type, "payload": payload}
    if kind.__doc__:
        message["summary"] = " ".join(kind.__doc__.split())
    # As AMQP properties: what a sender sets beside the body.
    return message | {"bindings": {"amqp": {"messageType": kind.wire, "bindingVersion": "0.3.0"}}}


def _schemas(events: list[type[Event]], requests: list[type[Request[Any]]]) -> Json:
    own = envelopes_of([*events, *requests]) | of_models(request.reply() for request in requests)
    return dict(sorted((own | {"Problem": PROBLEM, "Fault": FAULT}).items()))


def _message_ref(kind: type[Message]) -> Json:
    return {"$ref": f"#/components/messages/{kind.__name__}"}


def _exchange(name: str) -> Json:
    exchange = {"name": name, "type": "topic", "durable": True, "autoDelete": False, "vhost": "/"}
    return {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}


def _server() -> Json:
    return {
        "host": "localhost:5672",
        "protocol": "amqp",
        "protocolVersion": "0-9-1",
        "description": "RabbitMQ, 3.10 or newer.",
        "security": [{"$ref": "#/components/securitySchemes/login"}],
    }
