"""The journal's line: what was begun and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One step of one operation. It is on disk before the call it names is made.

    `step` is the AWS call about to be made, or `begun`, `done`, `failed`, `interrupted` for the operation as a whole.
    """

    operation_id: str
    at: datetime
    command: str
    environment: str
    step: str
    stack_name: str | None = None
    stack_id: str | None = None
    token: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
