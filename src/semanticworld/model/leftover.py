"""What a delete took, what it kept, and what it found that nobody asked to keep."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Existence(StrEnum):
    """Whether a thing is still there; `unknown` means that we could not look."""

    GONE = "gone"
    PRESENT = "present"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A thing found at AWS by its id, tag or name. `size_gib` is known for disks, snapshots and buckets; `state` is AWS's word."""

    type: str
    id: str
    existence: Existence = Existence.PRESENT
    state: str | None = None
    size_gib: Decimal | None = None
    stack_id: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """A resource that was looked up again and is gone."""

    type: str
    id: str
    logical_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A thing that stays, why, and what it costs a month in USD (None: not known)."""

    type: str
    id: str
    why: str
    usd_per_month: Decimal | None
