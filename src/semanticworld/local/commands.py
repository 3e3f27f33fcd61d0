"""What `manage-compute local ...` does, as functions that give back values; the command line renders them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from semanticworld.errors import Refused
from semanticworld.local import control, process, words
from semanticworld.local.environment import REGION
from semanticworld.local.fault import Fault, from_json, to_json
from semanticworld.local.folder import Folder
from semanticworld.local.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The embedded cloud at one moment. What only a running server knows is None when none runs."""

    running: bool
    state_folder: str
    log: str
    state_bytes: int
    endpoint_url: str | None = None
    pid: int | None = None
    version: str | None = None
    started_at: datetime | None = None
    uptime_s: float | None = None
    cloud_time: datetime | None = None
    clock_ahead_s: float | None = None
    counts: Mapping[str, int] | None = None
    faults: int | None = None
    problems: tuple[str, ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        """What the aws CLI and the SDKs need to talk to it; empty when it does not run."""
        if self.endpoint_url is None:
            return {}
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
        }

    @property
    def export_line(self) -> str | None:
        """The same as one line for a shell. All values are plain words; None when it does not run."""
        values = self.environment
        return "export " + " ".join(f"{name}={value}" for name, value in values.items()) if values else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultInForce:
    """A fault, its number, how often it may still strike (None: always), and how often it did."""

    number: int
    fault: Fault
    left: int | None
    struck: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """The cloud's clock after it went forward, and how far it is ahead of the real one."""

    cloud_time: datetime
    clock_ahead_s: float


def start(environ: Mapping[str, str]) -> Status:
    """The running embedded cloud, started when it did not run."""
    folder = Folder.of(environ)
    return _status(folder, process.start(folder, environ))


def stop(environ: Mapping[str, str], *, force: bool = False) -> bool:
    """Whether it ran. It keeps its state.

    Raises:
        Refused: LOC002 when another command starts or stops it and does not finish, LOC006 when its folder cannot be used.
        Unfinished: LOC007 when it cannot save its state: it goes on. With `force` it ends, and what is not saved is lost.

    """
    return process.stop(Folder.of(environ), force=force)


def status(environ: Mapping[str, str], *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Status:
    """The embedded cloud as it is; nothing is started."""
    folder = Folder.of(environ)
    return _status(folder, process.running(folder), now=now)


def reset(environ: Mapping[str, str]) -> Status:
    """An empty embedded cloud: everything in it is gone for good. It runs again if it ran.

    Raises:
        Refused: LOC002 when another command starts or stops it and does not finish.

    """
    folder = Folder.of(environ)
    ran = process.wipe(folder)
    return start(environ) if ran else status(environ)


def advance(environ: Mapping[str, str], by: str) -> Advanced:
    """The cloud's clock after it went forward by a duration such as `2h`.

    Raises:
        UsageError: LOC003 when the duration is none.
        Refused: LOC005 when the cloud does not run.

    """
    length = words.duration(by)
    answered = control.ask(_running(environ), "advance", seconds=length.total_seconds())
    return Advanced(cloud_time=datetime.fromisoformat(answered["now"]), clock_ahead_s=float(answered["offset_s"]))


def fault_add(environ: Mapping[str, str], spec: Sequence[str]) -> FaultInForce:
    """The fault that the words ask for, in force (the words: words.py).

    Raises:
        UsageError: LOC003 when the words are not understood.
        Refused: LOC005 when the cloud does not run.

    """
    fault = words.fault(spec)
    return _in_force(control.ask(_running(environ), "fault_add", fault=to_json(fault)))


def fault_list(environ: Mapping[str, str]) -> tuple[FaultInForce, ...]:
    """Every fault in force, oldest first."""
    return tuple(_in_force(row) for row in control.ask(_running(environ), "fault_list")["faults"])


def fault_clear(environ: Mapping[str, str], number: int | None = None) -> int:
    """How many faults were taken away: the one with this number, or all."""
    return int(control.ask(_running(environ), "fault_clear", number=number)["cleared"])


def save(environ: Mapping[str, str]) -> bool:
    """Whether there was anything new to put on disk; it is there now.

    Raises:
        Refused: LOC004 when it could not be saved, LOC005 when the cloud does not run.

    """
    answered = control.ask(_running(environ), "save")
    if answered["trouble"] is not None:
        raise control.refused(str(answered["trouble"]))
    return bool(answered["saved"])


def _running(environ: Mapping[str, str]) -> Record:
    record = process.running(Folder.of(environ))
    if record is None:
        raise Refused(
            "The embedded cloud does not run",
            why="this command works on a running one only",
            hint="manage-compute local start",
            code="LOC005",
        )
    return record


def _in_force(row: Mapping[str, Any]) -> FaultInForce:
    return FaultInForce(
        number=int(row["number"]), fault=from_json(row["fault"]), left=row["left"], struck=int(row["struck"])
    )


def _status(
    folder: Folder, record: Record | None, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Status:
    still = Status(
        running=record is not None,
        state_folder=str(folder.root),
        log=str(folder.log),
        state_bytes=_size_bytes(folder),
    )
    if record is None:
        return still
    answered = control.ask(record, "state")
    return Status(
        running=True,
        state_folder=still.state_folder,
        log=still.log,
        state_bytes=still.state_bytes,
        endpoint_url=record.endpoint_url,
        pid=record.pid,
        version=record.version,
        started_at=record.started_at,
        uptime_s=max(0.0, (now() - record.started_at).total_seconds()),
        cloud_time=datetime.fromisoformat(answered["now"]),
        clock_ahead_s=float(answered["offset_s"]),
        counts=dict(answered["counts"]),
        faults=int(answered["faults"]),
        problems=tuple(answered["problems"]),
    )


def _size_bytes(folder: Folder) -> int:
    total = 0
    for inside, _, names in os.walk(folder.cloud):
        for name in names:
            with contextlib.suppress(OSError):  # a snapshot that was just replaced
                total += os.lstat(os.path.join(inside, name)).st_size  # noqa: PTH118 - what os.walk gives
    return total
