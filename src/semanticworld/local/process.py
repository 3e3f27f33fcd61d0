"""The server's process from outside: start it, find it, end it. Imports neither boto3 nor ministack."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from semanticworld import __version__
from semanticworld.errors import Refused, Unfinished
from semanticworld.local import control, environment, health, locks, record
from semanticworld.local.folder import Folder, write_atomically
from semanticworld.local.record import Record

_START_TIMEOUT_S = 30.0
_STOP_GRACE_S = 8.0
_LOG_TAIL_BYTES = 4000
_ROOM_BYTES = 65_536
"""What a server writes at least: its record, its port, its log, an empty cloud."""


def running(folder: Folder) -> Record | None:
    """The record of the server that answers now; None when none does. Costs a socket and no more."""
    found = record.read(folder)
    if found is None or not health.is_identity(found.port, found.identity):
        return None
    return found


def start(folder: Folder, environ: Mapping[str, str]) -> Record:
    """The record of the server that answers, started when none did. Safe to call from many processes at once.

    Raises:
        Refused: LOC001 when it does not come up, LOC002 when another command starts or stops it and does not finish,
            LOC006 when its folder cannot be made or written to.
        Unfinished: LOC007 when a server of another version is there and cannot save its state.

    """
    found = running(folder)
    if found is not None and found.version == __version__:
        return found
    with _place(folder):
        folder.make()
        with locks.locked(folder.starting, timeout_s=_START_TIMEOUT_S + _STOP_GRACE_S) as ours:
            if not ours:
                raise _busy(folder)
            found = running(folder)
            if found is not None and found.version == __version__:
                return found
            if found is not None:
                _save(folder, found, _STOP_GRACE_S)
            _end(folder)
            write_atomically(folder.root / "room", bytes(_ROOM_BYTES))  # a server without room dies without a word
            (folder.root / "room").unlink()
            return _spawn(folder, environ)


def problems(folder: Folder) -> tuple[str, ...]:
    """What the running server cannot do at this moment, such as saving its state; nothing when none runs."""
    found = record.read(folder)
    return () if found is None else health.problems(found.port, found.identity)


def stop(folder: Folder, *, grace_s: float = _STOP_GRACE_S, force: bool = False) -> bool:
    """Whether there was a server to end. It saves its state first; one that does not end in time is killed.

    Raises:
        Refused: LOC002 when another command starts or stops it and does not finish, LOC006 when its folder cannot be used.
        Unfinished: LOC007 when it cannot save its state: it goes on. With `force` it ends, and what is not saved is lost.

    """
    if not _stands(folder):
        return False
    with _place(folder), locks.locked(folder.starting, timeout_s=_START_TIMEOUT_S + _STOP_GRACE_S) as ours:
        if not ours:
            raise _busy(folder)
        found = None if force else running(folder)
        if found is not None:
            _save(folder, found, grace_s)
        return _end(folder, grace_s=grace_s)


def wipe(folder: Folder) -> bool:
    """Whether there was a server to end; all that the cloud held is gone. The log and the port's number stay.

    Raises:
        Refused: LOC002 when another command starts or stops it and does not finish, LOC006 when its folder cannot be used.

    """
    if not _stands(folder):
        return False
    with _place(folder), locks.locked(folder.starting, timeout_s=_START_TIMEOUT_S + _STOP_GRACE_S) as ours:
        if not ours:
            raise _busy(folder)
        ran = _end(folder)
        # Out of the way first: a removal that is cut short must not leave half a cloud to be restored.
        if folder.cloud.is_dir():
            doomed = folder.root / f"wiped-{os.getpid()}"
            folder.cloud.rename(doomed)
        for doomed in folder.root.glob("wiped-*"):
            shutil.rmtree(doomed, ignore_errors=True)
        return ran


def _save(folder: Folder, found: Record, timeout_s: float) -> None:
    """Return when the state is on disk, or the server does not answer: a hung one is none to wait for."""
    try:
        trouble = control.ask(found, "save", timeout_s=timeout_s).get("trouble")
    except Refused:
        return
    if trouble is not None:
        raise Unfinished(
            "The embedded cloud could not save its state and goes on running",
            why=str(trouble),
            hint=f"make room for {folder.root}, then try again; `./manage-compute.sh local stop --force` gives up what is not saved",
            code="LOC007",
        )


def _stands(folder: Folder) -> bool:
    with _place(folder):
        return folder.root.is_dir()


@contextlib.contextmanager
def _place(folder: Folder) -> Iterator[None]:
    """Turn what the file system says inside the block into a refusal."""
    try:
        yield
    except OSError as wrong:
        raise _no_folder(folder, wrong) from wrong


def _spawn(folder: Folder, environ: Mapping[str, str]) -> Record:
    """Start a process of its own session, so that neither the end of this command nor Ctrl-C reaches it."""
    readable, writable = os.pipe()
    try:
        with _open_log(folder) as log:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "semanticworld.local.server",
                    "--state",
                    str(folder.root.parent),
                    "--ready-fd",
                    str(writable),
                    "--revive",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=environment.for_server(environ),
                pass_fds=(writable,),
                start_new_session=True,
            )
        os.close(writable)
        writable = -1
        answered = _wait_for_line(readable, _START_TIMEOUT_S)
    finally:
        os.close(readable)
        if writable != -1:
            os.close(writable)
    found = running(folder) if answered else None
    if found is None:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # the server and its parent
            process.wait()
        raise _did_not_start(folder)
    # It lives on after us; Popen must not complain that nobody waited for it.
    process.returncode = 0
    return found


def _open_log(folder: Folder) -> BinaryIO:
    try:
        return folder.log.open("ab")
    except OSError as wrong:
        raise _did_not_start(folder, f"{folder.log}: {wrong.strerror or wrong}") from wrong


def _wait_for_line(readable: int, timeout_s: float) -> bool:
    """Whether the server said that it is ready; False at once when it ended instead."""
    ready, _, _ = select.select([readable], [], [], timeout_s)
    return bool(ready) and bool(os.read(readable, 16))


def _end(
    folder: Folder,
    *,
    grace_s: float = _STOP_GRACE_S,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> bool:
    """End the process that holds the life lock, which is ours for certain; a reused process id is never signalled."""
    if not locks.is_locked(folder.alive):
        folder.record.unlink(missing_ok=True)
        return False
    pid = locks.holder(folder.alive)
    if pid is None:
        raise _busy(folder)
    for number, patience_s in ((signal.SIGTERM, grace_s), (signal.SIGKILL, 2.0)):
        try:
            if number == signal.SIGKILL:
                _forsake(pid)
            os.kill(pid, number)
        except ProcessLookupError:
            break
        until = monotonic() + patience_s
        while locks.is_locked(folder.alive) and monotonic() < until:
            sleep(0.02)
        if not locks.is_locked(folder.alive):
            break
    folder.record.unlink(missing_ok=True)
    return True


def _forsake(pid: int) -> None:
    """End the server's parent, which would start a killed one again. The parent leads the server's session."""
    leader = os.getsid(pid)
    if leader not in {pid, os.getsid(0)} and os.getpgid(pid) == leader:
        os.kill(leader, signal.SIGKILL)


def _busy(folder: Folder) -> Refused:
    return Refused(
        "The embedded cloud is busy",
        why=f"another command has been starting or stopping it for too long ({folder.root})",
        hint="wait for that command to end, then try again",
        code="LOC002",
    )


def _no_folder(folder: Folder, wrong: OSError) -> Refused:
    return Refused(
        "The embedded cloud has no place for its state",
        why=f"{folder.root}: {wrong.strerror or wrong}",
        hint="make room there, or point MANAGE_COMPUTE_STATE to a folder that you may write to",
        code="LOC006",
    )


def _did_not_start(folder: Folder, why: str | None = None) -> Refused:
    try:
        tail = folder.log.read_bytes()[-_LOG_TAIL_BYTES:].decode("utf-8", "replace").strip().splitlines()
    except OSError:
        tail = []
    last = tail[-1] if tail else "it said nothing"
    return Refused(
        "The embedded cloud did not start",
        why=why or last,
        hint=f"read {folder.log}; `local reset` starts over with an empty cloud",
        code="LOC001",
    )
