"""Keeps the cloud's state on disk: looks at it often, writes when it changed, and never makes a request wait for the disk."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from semanticworld.local import pickles
from semanticworld.local.cloud import state
from semanticworld.local.snapshots import Snapshot, Snapshots

logger = logging.getLogger("semanticworld.local")

BUSY_S = 0.5
"""How often the state is looked at while requests come in."""

QUIET_S = 5.0
"""How often without requests: schedules, alarms and instances change by themselves."""

_QUIET_AFTER_S = 15.0
_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was brought back: the snapshot's number (None: nothing there), and what was wrong on the way."""

    number: int | None
    problems: tuple[str, ...]


class Stores(Protocol):
    """The containers that hold the cloud (cloud/stores.py)."""

    def read(self) -> dict[str, Any]:
        """Every container's content by its name."""

    def replace(self, content: dict[str, Any]) -> tuple[str, ...]:
        """Put the content back; the names for which there is no container any more."""


class Keeper:
    """Takes and restores snapshots of ministack's stores and the pack's registered parts."""

    def __init__(
        self, *, snapshots: Snapshots, stores: Stores, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._snapshots = snapshots
        self._stores = stores
        self._monotonic = monotonic
        self._last_digest = b""
        self._last_request_at = monotonic()
        self._saving = asyncio.Lock()
        self._skipped: set[str] = set()
        self.saved_number: int | None = None
        self._all_saved_at = monotonic()
        self._wrong: str | None = None
        self._given_up = False

    @property
    def trouble(self) -> str | None:
        """Why the state is not on disk, and since when; None while saving goes well."""
        if self._wrong is None:
            return None
        unsaved_s = max(1, round(self._monotonic() - self._all_saved_at))
        return f"the last {unsaved_s} s are not saved: {self._wrong}"

    def give_up(self) -> None:
        """Never save again: the place belongs to somebody else now."""
        self._given_up = True

    def request_seen(self) -> None:
        """A request came in: look more often for a while."""
        self._last_request_at = self._monotonic()

    def restore(self) -> Restored:
        """Bring back the newest snapshot that is whole and can be read."""
        problems: list[str] = []
        while True:
            loaded = self._snapshots.load()
            problems += loaded.damaged
            if loaded.snapshot is None:
                return Restored(number=None, problems=tuple(problems))
            found = loaded.snapshot
            try:
                problems += self._put(self._read(found))
            except Exception as wrong:  # whatever it is, the one before may do
                logger.exception("snapshot %d cannot be restored", found.number)
                problems.append(f"snapshot {found.number}: {wrong}")
                self._snapshots.drop(found.number)
                continue
            self.saved_number = found.number
            return Restored(number=found.number, problems=tuple(dict.fromkeys(problems)))

    def _read(self, snapshot: Snapshot) -> dict[str, dict[str, Any]]:
        content: dict[str, dict[str, Any]] = pickles.load(
            snapshot.content, lambda number: self._snapshots.body(snapshot.bodies[number])
        )
        return content

    async def save(self) -> bool:
        """Whether there was something new to save; it is on disk when this returns. What it raises is kept as `trouble`."""
        async with self._saving:
            if self._given_up:
                return False
            looked_at = self._monotonic()
            try:
                saved = await self._save()
            except Exception as wrong:
                self._wrong = _said(wrong)
                raise
            self._wrong, self._all_saved_at = None, looked_at
            return saved

    async def _save(self) -> bool:
        content, bodies = self._capture()
        digest = hashlib.sha256(content).digest()
        if digest == self._last_digest:
            return False
        self.saved_number = await asyncio.to_thread(self._snapshots.save, content, bodies)
        self._last_digest = digest
        return True

    async def keep(self) -> None:
        """Save for ever, until cancelled."""
        while True:
            quiet = self._monotonic() - self._last_request_at > _QUIET_AFTER_S
            await asyncio.sleep(QUIET_S if quiet else BUSY_S)
            known = self._wrong
            try:
                await self.save()
            except Exception as wrong:
                if _said(wrong) != known:  # said once: on a full disk the log has no room for more
                    logger.exception("the state could not be saved")

    def _capture(self) -> tuple[bytes, tuple[bytes, ...]]:
        """The whole state as bytes. On the event loop, so between requests; worker threads may still interfere."""
        for left in reversed(range(_TRIES)):
            content = self._content()
            try:
                return pickles.dump(content)
            except RuntimeError:  # a container changed its size under the pickler
                if not left:
                    raise
            except (TypeError, AttributeError, pickle.PicklingError):
                self._skip_what_is_no_data(content)
        raise RuntimeError("the state kept changing while it was read")

    def _content(self) -> dict[str, dict[str, Any]]:
        return {
            "stores": {key: value for key, value in self._stores.read().items() if key not in self._skipped},
            "parts": {part.name: part.get() for part in state.parts() if f"part {part.name}" not in self._skipped},
        }

    def _skip_what_is_no_data(self, content: dict[str, dict[str, Any]]) -> None:
        for kind, values in content.items():
            for key, value in values.items():
                try:
                    pickles.dump(value)
                except RuntimeError:
                    continue
                except (TypeError, AttributeError, pickle.PicklingError) as wrong:
                    name = key if kind == "stores" else f"part {key}"
                    logger.warning("%s is not saved: %s", name, wrong)
                    self._skipped.add(name)

    def _put(self, content: dict[str, dict[str, Any]]) -> list[str]:
        unknown = self._stores.replace(content["stores"])
        problems = [f"{name} has no place any more" for name in unknown]
        for part in state.parts():
            if part.name in content["parts"]:
                part.put(content["parts"][part.name])
        return problems


def _said(wrong: Exception) -> str:
    """What is wrong, for people."""
    if isinstance(wrong, OSError) and wrong.strerror:
        return f"{wrong.strerror} ({wrong.filename})" if wrong.filename else wrong.strerror
    return str(wrong) or type(wrong).__name__
