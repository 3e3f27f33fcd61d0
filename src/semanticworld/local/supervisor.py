"""The server's small parent: it starts a server again that was killed or crashed, on the same port and with the same state.

A command in the middle of its work then meets a pause of a second or two instead of a cloud that is gone.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from types import FrameType
from typing import TypeAlias

from semanticworld.local import locks
from semanticworld.local.folder import Folder

Life: TypeAlias = Callable[[tuple[int, ...]], int]
"""Serves until it is told to end; takes the descriptors to write a line to when it answers, gives the exit status."""

_MOST_REVIVALS = 5
_WITHIN_S = 60.0
"""A server that dies more often than this is ill, and starting it again would only hide that."""
_READY_WITHIN_S = 30.0
_LOCKED_OUT = 3


def supervise(folder: Folder, ready: int | None, live: Life) -> int:
    """The exit status, once the server ended in good order, never came up, or must not be started again."""
    outside = () if ready is None else (ready,)
    deaths: list[float] = []
    starting: int | None = None
    while True:
        child, readable = _born(live, outside, starting)
        for descriptor in outside:
            os.close(descriptor)
        outside = ()
        came_up = _came_up(child, readable)
        if starting is not None:
            os.close(starting)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if not came_up or code in {0, _LOCKED_OUT}:
            return abs(code)
        deaths = [at for at in deaths if time.monotonic() - at < _WITHIN_S] + [time.monotonic()]
        if len(deaths) > _MOST_REVIVALS:
            _say(f"the server died {len(deaths)} times within a minute and is not started again")
            return 1
        try:
            starting = locks.try_lock(folder.starting)
        except OSError:
            return 1  # the folder is gone, and with it the cloud
        if starting is None:
            return 0  # a command starts or stops the server at this moment
        _say(f"the server ended with {code}; it is started again")


def _born(live: Life, outside: tuple[int, ...], starting: int | None) -> tuple[int, int]:
    """The new server's process id, and where it says that it answers."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(readable)
            if starting is not None:
                os.close(starting)
            status = live((writable, *outside))
        except BaseException:  # noqa: BLE001 - nothing may come out into the parent's loop
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writable)

    def forward(number: int, _: FrameType | None) -> None:
        os.kill(child, number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, forward)
    return child, readable


def _came_up(child: int, readable: int) -> bool:
    """Whether the server answers; one that takes too long is ended."""
    told, _, _ = select.select([readable], [], [], _READY_WITHIN_S)
    came_up = bool(told) and bool(os.read(readable, 16))
    os.close(readable)
    if not told:
        os.kill(child, signal.SIGKILL)
    return came_up


def _say(what: str) -> None:
    """Into the server's log, to which the starter has pointed stderr."""
    sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} WARNING [semanticworld.local] {what}\n")
    sys.stderr.flush()
