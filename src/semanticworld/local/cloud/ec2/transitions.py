"""Transitional states that end by themselves: what is pending becomes running when its time has come."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from typing import Any

from ministack.core.responses import request_scope

from semanticworld.local.cloud.ec2.moments import now
from semanticworld.local.cloud.ec2.world import LOCK, Record, account, region, store

Step = Callable[[Record], None]

# A record in transition carries {"step": name, "at": epoch seconds} here, so a restart can take it up again.
KEY = "_transition"

_steps: dict[str, Step] = {}
_order = itertools.count()
_due: list[tuple[float, int, str, str, Record]] = []
_wake = threading.Event()
_watcher: threading.Thread | None = None
LONGEST_SLEEP_S = 5.0

logger = logging.getLogger(__name__)


def step(name: str) -> Callable[[Step], Step]:
    """Register what ends one kind of transition."""

    def register(function: Step) -> Step:
        _steps[name] = function
        return function

    return register


def begin(record: Record, name: str, after_s: float) -> None:
    """Let a step happen to a record after some seconds; a new transition takes the place of an older one."""
    at = now() + after_s
    record[KEY] = {"step": name, "at": at}
    with LOCK:
        heapq.heappush(_due, (at, next(_order), account(), region(), record))
    _watch()


def _watch() -> None:
    """Have the one watching thread look at what is due next."""
    global _watcher  # noqa: PLW0603 - there is one
    if _watcher is None:
        _watcher = threading.Thread(target=_keep_settling, name="ec2-transitions", daemon=True)
        _watcher.start()
    _wake.set()


def _keep_settling() -> None:
    """Take steps when they are due, also when nobody asks: a node that boots hangs on them."""
    while True:
        with LOCK:
            wait_s = max(0.0, _due[0][0] - now()) if _due else None
        _wake.wait(wait_s if wait_s is None else min(wait_s, LONGEST_SLEEP_S))
        _wake.clear()
        try:
            settle()
        except Exception:
            logger.exception("a transition failed")


def settle() -> None:
    """Take every step whose time has come, in order of time."""
    with LOCK:
        while _due and _due[0][0] <= now():
            at, _, account_id, region_name, record = heapq.heappop(_due)
            pending = record.get(KEY)
            if pending is None or pending["at"] != at:
                continue
            del record[KEY]
            with request_scope(account_id, region_name):
                _steps[pending["step"]](record)


def rebuild() -> None:
    """Take up the transitions of records that came back from a saved state."""
    stores: list[Any] = [store._instances, store._volumes, store._snapshots, store._nat_gateways, store._vpc_endpoints]
    with LOCK:
        _due.clear()
        for records in stores:
            for (account_id, region_name, _), record in list(records._data.items()):
                if KEY in record:
                    heapq.heappush(_due, (record[KEY]["at"], next(_order), account_id, region_name, record))
    settle()
    _watch()
