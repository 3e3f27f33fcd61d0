"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """A check's answer; `unknown` means "could not look" and is neither a pass nor a fail."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One answer with its evidence and the command or edit that cures it; `code` has a page in docs/runbooks."""

    code: str
    outcome: Outcome
    summary: str
    evidence: str = ""
    fix: str = ""
