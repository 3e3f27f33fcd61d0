"""EC2's wire format both ways, read from botocore's own service model: no field is parsed or written by hand."""

from __future__ import annotations

import base64
import binascii
import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from botocore.loaders import Loader
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape

from semanticworld.local.cloud.ec2.errors import EC2Error, missing
from semanticworld.local.legal_xml import is_legal

Record = dict[str, Any]
Writer = Callable[[Any, list[str]], None]

# Signing and routing parameters that stand beside an operation's own.
COMMON = frozenset(
    {
        "Action",
        "Version",
        "AWSAccessKeyId",
        "Expires",
        "SecurityToken",
        "Signature",
        "SignatureMethod",
        "SignatureVersion",
        "Timestamp",
    }
)
NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"


@functools.cache
def model() -> ServiceModel:
    """EC2's service model; about 80 ms on first use."""
    return ServiceModel(Loader().load_service_model("ec2", "service-2"), "ec2")


@functools.cache
def operation_model(name: str) -> OperationModel | None:
    """The model of one operation, or None when EC2 has none of that name."""
    return model().operation_model(name) if name in model().operation_names else None


@functools.cache
def _query_names(shape_name: str) -> dict[str, tuple[str, Shape]]:
    """Member and shape by the name that stands in a request, for one structure."""
    names = {}
    shape = model().shape_for(shape_name)
    assert isinstance(shape, StructureShape)  # noqa: S101 - callers pass structures only
    for member, child in shape.members.items():
        name = child.serialization.get("queryName")
        if name is None:
            name = child.serialization.get("name", member)
            name = name[0].upper() + name[1:]
        names[name] = (member, child)
    return names


def parse(operation: OperationModel, params: Mapping[str, Any]) -> Record:
    """The request as a record of the operation's input shape."""
    tree: Record = {}
    for key, values in params.items():
        if key in COMMON or key.startswith("X-Amz-"):
            continue
        node = tree
        *path, last = key.split(".")
        for part in path:
            child = node.setdefault(part, {})
            if not isinstance(child, dict):
                raise EC2Error("MalformedQueryString", f"The parameter {key} is both a value and a structure")
            node = child
        node[last] = values[-1] if isinstance(values, list) else values
    shape = operation.input_shape
    if shape is None:
        return {}
    record = _read_structure(shape, tree, "")
    for name, (member, _child) in _query_names(shape.name).items():
        if member in shape.required_members and member not in record:
            raise missing(name)
    return record


def _read_structure(shape: StructureShape, tree: Record, path: str) -> Record:
    names = _query_names(shape.name)
    record = {}
    for name, value in tree.items():
        known = names.get(name)
        if known is None:
            raise EC2Error("UnknownParameter", f"The parameter {path}{name} is not recognized")
        member, child = known
        record[member] = _read(child, value, f"{path}{name}")
    return record


def _read(shape: Shape, value: Any, path: str) -> Any:  # noqa: ANN401 - as wide as JSON
    if isinstance(shape, StructureShape):
        if not isinstance(value, dict):
            raise EC2Error("InvalidParameterValue", f"Value ({value}) for parameter {path} is invalid.")
        return _read_structure(shape, value, f"{path}.")
    if isinstance(shape, ListShape):
        if not isinstance(value, dict):
            return [] if value == "" else [_read(shape.member, value, path)]
        try:
            ordered = sorted(value.items(), key=lambda item: int(item[0]))
        except ValueError as error:
            raise EC2Error("UnknownParameter", f"The parameter {path} is not recognized") from error
        return [_read(shape.member, item, f"{path}.{index}") for index, item in ordered]
    return _scalar(shape, value, path)


def _scalar(shape: Shape, value: Any, path: str) -> Any:  # noqa: ANN401 - as wide as JSON
    text = str(value)
    try:
        match shape.type_name:
            case "boolean":
                return {"true": True, "false": False, "1": True, "0": False}[text.lower()]
            case "integer" | "long":
                return int(text)
            case "float" | "double":
                return float(text)
            case "blob":
                return base64.b64decode(text)
            case _:
                if not is_legal(text):
                    raise ValueError(text)  # noqa: TRY301 - told like every other value that is none
                return text
    except (KeyError, ValueError, binascii.Error) as error:
        shown = text.encode("unicode_escape").decode()
        raise EC2Error("InvalidParameterValue", f"Value ({shown}) for parameter {path} is invalid.") from error


def coerce(shape: Shape, value: Any, path: str = "") -> Any:  # noqa: ANN401 - as wide as JSON
    """The value with texts made numbers and booleans where the shape says so: templates write them as text."""
    if isinstance(shape, StructureShape):
        if not isinstance(value, dict):
            raise EC2Error("InvalidParameterValue", f"Value ({value}) for parameter {path} is invalid.")
        record = {}
        for name, item in value.items():
            if name not in shape.members:
                raise EC2Error("UnknownParameter", f"Encountered unsupported property {name}")
            if item is not None:
                record[name] = coerce(shape.members[name], item, name)
        return record
    if isinstance(shape, ListShape):
        items = value if isinstance(value, list) else [value]
        return [coerce(shape.member, item, path) for item in items]
    if shape.type_name == "blob" and isinstance(value, bytes):
        return value
    return _scalar(shape, value, path)


def render(operation: OperationModel, record: Record, request_id: str) -> bytes:
    """The XML document that answers an operation."""
    out = [
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{operation.name}Response xmlns="{NAMESPACE}">',
        f"<requestId>{request_id}</requestId>",
    ]
    shape = operation.output_shape
    if shape is None or not shape.members:
        out.append("<return>true</return>")
    else:
        _structure_writer(shape.name)(record, out)
    out.append(f"</{operation.name}Response>")
    return "".join(out).encode()


def render_error(error: EC2Error, request_id: str) -> bytes:
    """The XML document that refuses an operation."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>'
        f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
        f"</Error></Errors><RequestID>{request_id}</RequestID></Response>"
    ).encode()


@functools.cache
def _structure_writer(shape_name: str) -> Writer:
    """Write one structure's known members; private and foreign keys of a record are passed over."""
    shape = model().shape_for(shape_name)
    assert isinstance(shape, StructureShape)  # noqa: S101 - callers pass structures only
    members = [(name, child.serialization.get("name", name), child) for name, child in shape.members.items()]
    writers: dict[str, Writer] = {}

    def write(record: Any, out: list[str]) -> None:  # noqa: ANN401 - as wide as JSON
        for name, tag, child in members:
            value = record.get(name)
            if value is None:
                continue
            writer = writers.get(name)
            if writer is None:
                writer = writers[name] = _writer(child)
            out.append(f"<{tag}>")
            writer(value, out)
            out.append(f"</{tag}>")

    return write


def _writer(shape: Shape) -> Writer:
    if isinstance(shape, StructureShape):
        return _structure_writer(shape.name)
    if isinstance(shape, ListShape):
        tag = shape.member.serialization.get("name", "item")
        inner = _writer(shape.member)

        def write_list(items: Any, out: list[str]) -> None:  # noqa: ANN401 - as wide as JSON
            for item in items:
                out.append(f"<{tag}>")
                inner(item, out)
                out.append(f"</{tag}>")

        return write_list
    return _write_scalar


def _write_scalar(value: Any, out: list[str]) -> None:  # noqa: ANN401 - as wide as JSON
    if value is True:
        out.append("true")
    elif value is False:
        out.append("false")
    elif isinstance(value, bytes):
        out.append(base64.b64encode(value).decode())
    elif isinstance(value, datetime):
        out.append(value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"))
    else:
        out.append(escape(str(value)))
