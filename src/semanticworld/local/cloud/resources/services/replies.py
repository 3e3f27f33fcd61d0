"""Answers of JSON services in the form that ministack's dispatcher sends on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeAlias

__all__ = ["RefusedError", "Reply", "answer", "refusal"]

Reply: TypeAlias = tuple[int, dict[str, str], bytes]


class RefusedError(Exception):
    """A service's refusal, by code."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status


def answer(body: Mapping[str, object], content_type: str = "application/json") -> Reply:
    """A success."""
    return 200, {"Content-Type": content_type}, json.dumps(body).encode()


def refusal(error: RefusedError, content_type: str = "application/json") -> Reply:
    """The refusal with its code where each protocol looks for it."""
    body = {"__type": error.code, "message": error.message, "Message": error.message, "Code": error.code}
    return (
        error.status,
        {"Content-Type": content_type, "x-amzn-errortype": error.code},
        json.dumps(body).encode(),
    )
