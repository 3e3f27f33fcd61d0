"""Query answers, written safely."""

from __future__ import annotations

from collections.abc import Iterable

from semanticworld.local.cloud.cloudformation.seam import Answer, helpers


def element(name: str, value: object) -> str:
    """`<name>value</name>`, escaped; nothing for None or the empty text, because botocore reads an empty element as ""."""
    if value is None or value == "":
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{helpers._esc(_legal(text))}</{name}>"


def _legal(text: str) -> str:
    """XML 1.0 cannot carry most control characters, not even escaped; AWS drops them too."""
    return "".join(char for char in text if char in "\t\n\r" or " " <= char <= "\ud7ff" or char >= "\ue000")


def group(name: str, *inner: str) -> str:
    """`<name>...</name>` around finished elements."""
    return f"<{name}>{''.join(inner)}</{name}>"


def members(name: str, items: Iterable[str]) -> str:
    """A list of finished member contents."""
    return group(name, *(group("member", item) for item in items))


def texts(name: str, items: Iterable[object]) -> str:
    """A list of plain texts."""
    return group(name, *(element("member", item) for item in items))


def answer(operation: str, *inner: str) -> Answer:
    """The answer of an operation that went well."""
    result: Answer = helpers._xml(200, f"{operation}Response", group(f"{operation}Result", *inner))
    return result
