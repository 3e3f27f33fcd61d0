"""The embedded cloud's time and the length of its transitional states."""

from __future__ import annotations

import dataclasses
import time


@dataclasses.dataclass(slots=True, kw_only=True)
class Pace:
    """How long each transitional state lasts, in seconds; short, so that a laptop's cloud is quick, but never zero."""

    pending_s: float = 0.3
    stopping_s: float = 0.3
    shutting_down_s: float = 0.3
    volume_s: float = 0.05
    snapshot_s: float = 0.2
    nat_gateway_s: float = 0.3
    endpoint_s: float = 0.2
    terminated_visible_s: float = 3600.0  # Source: EC2 User Guide, Terminate instances ("usually an hour"), 2026.


PACE = Pace()


def now() -> float:
    """The cloud's time in epoch seconds."""
    return time.time()
