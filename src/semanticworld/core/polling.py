"""How long to wait before the next look. Dead time after the end is at most one interval plus one call."""

from __future__ import annotations

FIRST_S = 1.0
STEADY_S = 2.0
"""DescribeStacks is throttled at about 5 calls a second per account: several operators at 2 s each stay below."""

FASTEST_LOCAL_S = 0.05
STEADY_LOCAL_S = 0.2
LONGEST_AFTER_ERROR_S = 30.0

_FIRST_LOOKS_S = 8.0
_GROWTH = 0.05


def interval_s(*, elapsed_s: float, quiet_s: float, local: bool) -> float:
    """Seconds until the next look: 1 s at first, then growing with quiet to 2 s; 0.05 to 0.2 s on the embedded cloud.

    `elapsed_s` counts from the operation's start, `quiet_s` from its last news.
    """
    first, steady = (FASTEST_LOCAL_S, STEADY_LOCAL_S) if local else (FIRST_S, STEADY_S)
    if not local and elapsed_s < _FIRST_LOOKS_S:
        return first
    return min(steady, first + _GROWTH * max(quiet_s, 0.0))


def after_error_s(*, failures: int, local: bool) -> float:
    """Seconds until the next look after so many failed ones in a row (1 or more): doubling from 2 s to 30 s."""
    first = FASTEST_LOCAL_S if local else STEADY_S
    return min(LONGEST_AFTER_ERROR_S, first * 2.0 ** min(max(failures, 1) - 1, 10))
