"""The messages of the Salesforce Pub/Sub API that a subscriber needs, built here: no compiler, no generated code.

Source: `pubsub_api.proto` of github.com/forcedotcom/pub-sub-api, package `eventbus.v1`. Names and numbers are the
interface; fields that are left out are skipped when they come.
"""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SUBSCRIBE = "/eventbus.v1.PubSub/Subscribe"
GET_SCHEMA = "/eventbus.v1.PubSub/GetSchema"
LATEST, EARLIEST, CUSTOM = 0, 1, 2

_Field = descriptor_pb2.FieldDescriptorProto
_TEXT, _BYTES, _INT, _ENUM = _Field.TYPE_STRING, _Field.TYPE_BYTES, _Field.TYPE_INT32, _Field.TYPE_ENUM
_PACKAGE = "eventbus.v1"
# Message to its fields: name, number, type, or the name of a message; `*` is repeated.
_MESSAGES: dict[str, tuple[tuple[str, int, int | str], ...]] = {
    "ProducerEvent": (("id", 1, _TEXT), ("schema_id", 2, _TEXT), ("payload", 3, _BYTES)),
    "ConsumerEvent": (("event", 1, "ProducerEvent"), ("replay_id", 2, _BYTES)),
    "FetchRequest": (
        ("topic_name", 1, _TEXT), ("replay_preset", 2, _ENUM), ("replay_id", 3, _BYTES), ("num_requested", 4, _INT),
    ),
    "FetchResponse": (
        ("events", 1, "*ConsumerEvent"), ("latest_replay_id", 2, _BYTES), ("rpc_id", 3, _TEXT),
        ("pending_num_requested", 4, _INT),
    ),
    "SchemaRequest": (("schema_id", 1, _TEXT),),
    "SchemaInfo": (("schema_json", 1, _TEXT), ("schema_id", 2, _TEXT), ("rpc_id", 3, _TEXT)),
}  # fmt: skip


def _describe() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="billtrail/pubsub.proto", package=_PACKAGE, syntax="proto3")
    preset = file.enum_type.add(name="ReplayPreset")
    for number, name in enumerate(("LATEST", "EARLIEST", "CUSTOM")):
        preset.value.add(name=name, number=number)
    for message, fields in _MESSAGES.items():
        described = file.message_type.add(name=message)
        for name, number, kind in fields:
            field = described.field.add(name=name, number=number, label=_Field.LABEL_OPTIONAL)
            if isinstance(kind, str):
                field.type, field.type_name = _Field.TYPE_MESSAGE, f".{_PACKAGE}.{kind.removeprefix('*')}"
                field.label = _Field.LABEL_REPEATED if kind.startswith("*") else _Field.LABEL_OPTIONAL
            else:
                field.type = _Field.Type.ValueType(kind)
                if kind == _ENUM:
                    field.type_name = f".{_PACKAGE}.ReplayPreset"
    return file


# A pool of its own: another library in this process may bring the same package.
_POOL = descriptor_pool.DescriptorPool()
_POOL.Add(_describe())


def _make(name: str) -> Any:
    return message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{_PACKAGE}.{name}"))


ProducerEvent = _make("ProducerEvent")
ConsumerEvent = _make("ConsumerEvent")
FetchRequest = _make("FetchRequest")
FetchResponse = _make("FetchResponse")
SchemaRequest = _make("SchemaRequest")
SchemaInfo = _make("SchemaInfo")
