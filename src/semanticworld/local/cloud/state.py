"""What the pack keeps beside ministack's own stores, so that it survives a restart of the server.

A module of the pack registers each of its stores once, when it is installed. `get` returns plain values (dict, list, tuple,
set, str, int, float, bool, None, bytes, Decimal, aware datetime, ministack's scoped dicts); it is called on the event loop
and its answer is copied there. `put` receives an equal value and replaces what the module holds; it is called once, at
start, before the first request and only when there is something to restore.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One store of the pack: how to read it and how to replace it."""

    name: str
    get: Callable[[], object]
    put: Callable[[object], None]


_parts: dict[str, Part] = {}


def register(name: str, get: Callable[[], object], put: Callable[[object], None]) -> None:
    """Make `name` part of every snapshot. A second registration under the same name is a mistake and refused."""
    if name in _parts:
        raise ValueError(f"state part {name!r} is registered twice")
    _parts[name] = Part(name=name, get=get, put=put)


def parts() -> tuple[Part, ...]:
    """Every registered part, in the order of registration."""
    return tuple(_parts.values())
