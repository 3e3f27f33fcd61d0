"""One page of a list behind an opaque token."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from semanticworld.local.cloud.resources.services.replies import RefusedError

__all__ = ["page"]

_PREFIX = "after:"
Item = TypeVar("Item")


def page(
    items: Sequence[Item], token: object, size: object, *, default: int, code: str = "ValidationException"
) -> tuple[list[Item], str | None]:
    """The page that the token points at, and the token of the next one (None: this is the last).

    Raises RefusedError with ``code`` for a token that nobody gave out.
    """
    start = 0
    if token:
        try:
            text = base64.urlsafe_b64decode(str(token)).decode()
            start = int(text.removeprefix(_PREFIX))
        except (binascii.Error, UnicodeDecodeError, ValueError) as error:
            raise RefusedError(code, "The specified token is not valid.") from error
    count = int(str(size)) if size else default
    following = start + count
    more = base64.urlsafe_b64encode(f"{_PREFIX}{following}".encode()).decode() if following < len(items) else None
    return list(items[start:following]), more
