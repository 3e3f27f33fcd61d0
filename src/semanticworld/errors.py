"""The error tree: every failure says what, why and the next command.

SemanticWorldError
├── UsageError       exit 2    the command line or a parameter file is wrong
├── Refused          exit 3    nothing was touched
├── AwsError         exit 4    AWS or the node said no
├── Unfinished       exit 5    something may still cost money
└── Interrupted      exit 130  the user pressed Ctrl-C
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

EXIT_DONE = 0
EXIT_BUG = 1
EXIT_USAGE = 2
EXIT_REFUSED = 3
EXIT_AWS = 4
EXIT_UNFINISHED = 5
EXIT_INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsAnswer:
    """What AWS answered: its own error code, the operation that was asked, and the request's id when it gave one."""

    code: str
    operation: str
    request_id: str | None = None


class SemanticWorldError(Exception):
    """A failure a user can act on: `what` happened, `why`, and `hint`, the next command or step.

    `code` is stable and never reused (docs/runbooks has a page for each); `aws` is set when AWS gave the answer.
    """

    exit_status: ClassVar[int] = EXIT_BUG

    def __init__(self, what: str, *, why: str, hint: str, code: str, aws: AwsAnswer | None = None) -> None:
        super().__init__(f"{what}: {why}")
        self.what = what
        self.why = why
        self.hint = hint
        self.code = code
        self.aws = aws


class UsageError(SemanticWorldError):
    """The command line, a parameter file or another input is wrong (exit 2)."""

    exit_status = EXIT_USAGE


class Refused(SemanticWorldError):  # noqa: N818 - the contract's own word
    """We decided not to act; nothing was touched (exit 3)."""

    exit_status = EXIT_REFUSED


class AwsError(SemanticWorldError):
    """AWS or the node said no (exit 4)."""

    exit_status = EXIT_AWS


class Unfinished(SemanticWorldError):  # noqa: N818 - the contract's own word
    """Not finished, and something may still cost money: the hint names the command that looks (exit 5)."""

    exit_status = EXIT_UNFINISHED


class Interrupted(SemanticWorldError):  # noqa: N818 - the contract's own word
    """The user interrupted us; what was started goes on at AWS (exit 130)."""

    exit_status = EXIT_INTERRUPTED
