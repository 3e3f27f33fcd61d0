"""IAM's listings in pages: Marker, MaxItems, IsTruncated."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

from ministack.services import iam

__all__ = ["paged"]

_NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
_DEFAULT, _MOST = 100, 1000  # Source: IAM API Reference, ListRoles: MaxItems (2026)


def _marker(start: int) -> str:
    return base64.urlsafe_b64encode(f"after:{start}".encode()).decode()


def _start(marker: str) -> int | None:
    try:
        return int(base64.urlsafe_b64decode(marker).decode().removeprefix("after:"))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def paged(operation: Callable[[Any], Any], key: str) -> Callable[[Any], Any]:
    """The operation with its list under ``key`` cut into pages."""

    def answered(parameters: Any) -> Any:  # noqa: ANN401 - ministack's reply
        status, headers, body = operation(parameters)
        if status != 200:  # noqa: PLR2004 - HTTP
            return status, headers, body
        marker, asked = iam._p(parameters, "Marker"), iam._p(parameters, "MaxItems")
        start = _start(marker) if marker else 0
        size = int(asked) if asked else _DEFAULT
        if start is None or not 1 <= size <= _MOST:
            wrong = (
                f"Invalid Marker: {marker}"
                if start is None
                else f"Value '{size}' at 'maxItems' must be between 1 and 1000"
            )
            return iam._error(400, "ValidationError", escape(wrong), ns="iam")
        ET.register_namespace("", _NAMESPACE)
        root = ET.fromstring(body)  # noqa: S314 - our own server's answer
        listed = root.find(f".//{{{_NAMESPACE}}}{key}")
        truncated = root.find(f".//{{{_NAMESPACE}}}IsTruncated")
        if listed is None or truncated is None:
            return status, headers, body
        members = list(listed)
        if start == 0 and len(members) <= size:
            return status, headers, body
        for member in members[:start] + members[start + size :]:
            listed.remove(member)
        if len(members) > start + size:
            truncated.text = "true"
            parent = next(one for one in root.iter() if truncated in list(one))
            ET.SubElement(parent, f"{{{_NAMESPACE}}}Marker").text = _marker(start + size)
        return status, headers, ET.tostring(root, encoding="utf-8", xml_declaration=True)

    return answered
