"""The faults in force, and the questions that the pack asks of them.

The engine asks `for_resource` before it creates, updates or deletes a resource; EC2 asks `capacity` before it launches;
faults of calls (latency, throttling, errors, lost answers) are the server's own business (local/faulty.py).
"""

from __future__ import annotations

import dataclasses
import itertools
import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from semanticworld.local import fault as model
from semanticworld.local.cloud import state
from semanticworld.local.fault import Capacity, FailingResource, Fault, SlowResource


@dataclass(slots=True, kw_only=True)
class InForce:
    """A fault with its number, how often it may still strike (None: always), and how often it did."""

    number: int
    fault: Fault
    left: int | None
    struck: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """What is ordered for one resource: wait first, then fail with the error if there is one."""

    delay_seconds: float
    error: str | None


_faults: list[InForce] = []
_numbers = itertools.count(1)
_lock = threading.Lock()  # handlers of resources may run on threads
_random = random.Random()  # noqa: S311 - which call fails is no secret


def add(fault: Fault) -> InForce:
    """Put a fault in force."""
    with _lock:
        entry = InForce(number=next(_numbers), fault=fault, left=fault.times)
        _faults.append(entry)
    return entry


def listed() -> tuple[InForce, ...]:
    """Every fault in force, oldest first."""
    with _lock:
        return tuple(dataclasses.replace(entry) for entry in _faults)


def clear(number: int | None = None) -> int:
    """How many faults were taken away: the one with this number, or all."""
    with _lock:
        kept = [entry for entry in _faults if number is not None and entry.number != number]
        gone = len(_faults) - len(kept)
        _faults[:] = kept
    return gone


def any_of(*kinds: type[Any]) -> bool:
    """Whether a fault of one of these kinds is in force; cheap, so that a healthy cloud pays nothing."""
    return any(isinstance(entry.fault, kinds) for entry in _faults)


def strike(*kinds: type[Any], service: str | None = None, operation: str | None = None) -> list[Fault]:
    """The faults of these kinds that strike this call now, oldest first; each is counted."""
    with _lock:
        struck = []
        for entry in _faults.copy():
            where = getattr(entry.fault, "where", None)
            if not isinstance(entry.fault, kinds) or where is None or not _means(where, service, operation):
                continue
            if isinstance(entry.fault, model.Throttle) and _random.random() >= entry.fault.share:
                continue
            _count(entry)
            struck.append(entry.fault)
        return struck


def between(least: float, most: float) -> float:
    """A number drawn evenly between the two."""
    return _random.uniform(least, most)


def for_resource(logical_id: str, resource_type: str, action: str) -> Ordered | None:
    """What is ordered for this step of a stack's resource; None when nothing is. `action` is one of fault.ACTIONS."""
    with _lock:
        delay_s, error = 0.0, None
        for entry in _faults.copy():
            match entry.fault:
                case SlowResource(resource=name, action=on, delay_s=longer) if on == action and name in {
                    logical_id,
                    resource_type,
                }:
                    delay_s += longer
                case FailingResource(resource=name, action=on, reason=reason) if (
                    error is None and on == action and name in {logical_id, resource_type}
                ):
                    error = reason
                case _:
                    continue
            _count(entry)
    return Ordered(delay_seconds=delay_s, error=error) if delay_s or error is not None else None


def capacity(instance_type: str, zone: str | None) -> bool:
    """Whether the cloud has capacity for this instance type in this zone (None: the caller left the zone open).

    Asking counts, so ask once a launch. With the zone left open only a fault for all zones means that there is none.
    """
    with _lock:
        for entry in _faults.copy():
            match entry.fault:
                case Capacity(instance_type=wanted, zone=short) if wanted in {None, instance_type} and short in {
                    None,
                    zone,
                }:
                    _count(entry)
                    return False
                case _:
                    continue
    return True


def _means(where: model.Where, service: str | None, operation: str | None) -> bool:
    return where.service in {None, service} and (
        where.operation is None or (operation is not None and where.operation.lower() == operation.lower())
    )


def _count(entry: InForce) -> None:
    entry.struck += 1
    if entry.left is not None:
        entry.left -= 1
        if entry.left <= 0:
            _faults.remove(entry)


def install() -> None:
    """Keep the faults in force across a restart of the server."""
    state.register("faults", _get, _put)


def _get() -> list[dict[str, Any]]:
    with _lock:
        return [
            {"number": entry.number, "left": entry.left, "struck": entry.struck, "fault": model.to_json(entry.fault)}
            for entry in _faults
        ]


def _put(saved: Any) -> None:  # noqa: ANN401 - what _get gave
    global _numbers  # noqa: PLW0603 - numbers go on where they were
    rows: Iterable[dict[str, Any]] = saved
    with _lock:
        _faults[:] = [
            InForce(number=row["number"], left=row["left"], struck=row["struck"], fault=model.from_json(row["fault"]))
            for row in rows
        ]
        _numbers = itertools.count(max((entry.number for entry in _faults), default=0) + 1)
