"""Names of what an operation makes at AWS: tokens and change sets, both traceable to the operation."""

from __future__ import annotations

import re

TOKEN_LENGTH = 128
"""Source: CloudFormation API Reference, ExecuteChangeSet, ClientRequestToken (also its pattern), read 2026-11."""

_PREFIX = "sw"
_OURS = re.compile(r"sw-([a-z0-9]{8,})-[a-z0-9-]+", re.ASCII)
_UNFIT = re.compile(r"[^a-z0-9]+", re.ASCII)


def token(operation_id: str, step: str, attempt: int = 1) -> str:
    """A ClientRequestToken: the same step and attempt of one operation always has the same one."""
    middle = _UNFIT.sub("-", step.lower()).strip("-")
    tail = f"-{attempt}"
    head = f"{_PREFIX}-{operation_id}-{middle}"
    return head[: TOKEN_LENGTH - len(tail)] + tail


def change_set_name(operation_id: str, attempt: int = 1) -> str:
    """A change set's name, unique to the operation, so that two operators never meet in one."""
    return f"{_PREFIX}-{operation_id}" if attempt == 1 else f"{_PREFIX}-{operation_id}-{attempt}"


def operation_of(event_token: str | None) -> str | None:
    """The operation id in a token that this tool made, or None for anybody else's."""
    match = _OURS.fullmatch(event_token or "")
    return match.group(1) if match else None
