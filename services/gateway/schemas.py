"""JSON Schema of the contracts, for the documents: what may be asked, what is answered, what is published."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from shared.contracts.message import Message
from shared.runtime.envelope import Envelope

Json = dict[str, Any]
REF = "#/components/schemas/{model}"


class Plain(GenerateJsonSchema):
    """Without a title for each field: it only repeats the field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def of_models(models: Iterable[type[BaseModel]]) -> dict[str, Json]:
    """By name, with those that they are made of."""
    # As they are read: one schema for a class, whether it is sent or received.
    unique = dict.fromkeys(models)
    _, whole = models_json_schema([(model, "validation") for model in unique], ref_template=REF, schema_generator=Plain)
    found: dict[str, Json] = whole.get("$defs", {})
    return found


def envelopes_of(messages: Iterable[type[Message]]) -> dict[str, Json]:
    """By name: the CloudEvents envelope of each, with its data, and what all envelopes have in common."""
    unique = list(dict.fromkeys(messages))
    common = of_models([Envelope[Message]])["Envelope_Message_"]
    attributes = {name: not_null(field) for name, field in common["properties"].items() if name != "data"}
    found: dict[str, Json] = {
        "CloudEvent": {
            "description": "CloudEvents 1.0: what every envelope says about its `data`.",
            "type": "object",
            "properties": attributes,
            "required": [name for name in common["required"] if name != "data"],
        }
    }
    return found | {f"{one.__name__}Envelope": _envelope(one) for one in unique} | of_models(unique)


def _envelope(message: type[Message]) -> Json:
    own = {"type": {"const": message.wire}, "data": ref(message)}
    return {
        "description": f"A CloudEvents envelope around `{message.__name__}`.",
        "allOf": [
            {"$ref": REF.format(model="CloudEvent")},
            {"type": "object", "properties": own, "required": ["data"]},
        ],
    }


def envelope_ref(message: type[Message]) -> Json:
    return {"$ref": REF.format(model=f"{message.__name__}Envelope")}


def ref(model: type[BaseModel]) -> Json:
    return {"$ref": REF.format(model=model.__name__)}


def not_null(schema: Json) -> Json:
    """The schema of what is left out when there is nothing to say."""
    some = [choice for choice in schema.get("anyOf", []) if choice.get("type") != "null"]
    return some[0] if len(some) == 1 else schema


def batch_of(*items: Json) -> Json:
    """The array that is every message's body."""
    return {
        "type": "array",
        "minItems": 1,
        "maxItems": 500,
        "items": items[0] if len(items) == 1 else {"oneOf": [*items]},
    }


TEXT: Json = {"type": "string"}

PROBLEM: Json = {
    "type": "object",
    "description": "RFC 9457. `code` is stable and for machines; `detail` is for people.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "code": TEXT,
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
        "candidates": {"type": "array", "description": "What a person may choose between.", "items": {}},
    },
}
FAULT: Json = {
    "type": "object",
    "description": "One field that is not what it should be.",
    "required": ["field", "reason"],
    "properties": {"field": TEXT, "reason": TEXT},
}
RECEIPT: Json = {
    "type": "object",
    "description": "What was received, what of it was queued, what cannot be read (it is kept for a person).",
    "required": ["received", "queued", "refused"],
    "properties": {
        "received": {"type": "integer"},
        "queued": {"type": "integer"},
        "refused": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["index", "id", "errors"],
                "properties": {
                    "index": {"type": "integer"},
                    "id": {"type": ["string", "null"]},
                    "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
                },
            },
        },
    },
}

EXAMPLE: Json = {
    "specversion": "1.0",
    "id": "0193a1b2-6c1e-7b5a-8f7e-2b1d9c0a4e11",
    "source": "/outlets/citos/till-1",
    "type": "outlet.SaleReported.v1",
    "subject": "citos/till-1/536365/1",
    "time": "2026-11-21T10:02:11+07:00",
    "datacontenttype": "application/json",
    "data": {
        "outlet": "citos",
        "till": "till-1",
        "receipt": "536365",
        "line": 1,
        "sku": "BTK-0007",
        "quantity": 1,
        "unit_price": 700000,
        "sold_at": "2026-11-21T10:02:11+07:00",
    },
}
