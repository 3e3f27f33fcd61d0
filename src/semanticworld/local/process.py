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
from collections.abc import Callable, Mapping
from typing import BinaryIO

from semanticworld import __version__
from semanticworld.errors import Refused
from semanticworld.local import environment, health, locks, record
from semanticworld.local.folder import Folder
from semanticworld.local.record import Record

_START_TIMEOUT_S = 30.0
_STOP_GRACE_S = 8.0
_LOG_TAIL_BYTES = 4000


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
            LOC006 when its folder cannot be made.

    """
    found = running(folder)
    if found is not None and found.version == __version__:
        return found
    try:
        folder.make()
    except OSError as wrong:
        raise _no_folder(folder, wrong) from wrong
    with locks.locked(folder.starting, timeout_s=_START_TIMEOUT_S + _STOP_GRACE_S) as ours:
        if not ours:
            raise _busy(folder)
        found = running(folder)
        if found is not None and found.version == __version__:
            return found
        _end(folder)
        return _spawn(folder, environ)


def stop(folder: Folder, *, grace_s: float = _STOP_GRACE_S) -> bool:
    """Whether there was a server to end. It saves its state first; one that does not end in time is killed.

    Raises:
        Refused: LOC002 when another command starts or stops it and does not finish.

    """
    if not folder.root.is_dir():
        return False
    with locks.locked(folder.starting, timeout_s=_START_TIMEOUT_S + _STOP_GRACE_S) as ours:
        if not ours:
            raise _busy(folder)
        return _end(folder, grace_s=grace_s)


def wipe(folder: Folder) -> bool:
    """Whether there was a server to end; all that the cloud held is gone. The log and the port's number stay.

    Raises:
        Refused: LOC002 when another command starts or stops it and does not finish.

    """
    if not folder.root.is_dir():
        return False
    with locks.locked(folder.starting, timeout_s=_START_TIMEOUT_S + _STOP_GRACE_S) as ours:
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
        hint="point MANAGE_COMPUTE_STATE to a folder that you may write to",
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
