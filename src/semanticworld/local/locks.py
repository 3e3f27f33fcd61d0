"""Locks between processes that end with their holder, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path


def try_lock(path: Path) -> int | None:
    """An open descriptor that holds the lock until it is closed or the process ends; None when another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock. Looks with a shared lock, held for a moment."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def number(path: Path) -> int | None:
    """The inode's number, which nothing else has while a lock on it is held; None when there is no such file."""
    try:
        return path.stat().st_ino
    except OSError:
        return None


def holder(path: Path) -> int | None:
    """The process id that the lock's holder wrote into it; None when it has written none."""
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


@contextlib.contextmanager
def locked(
    path: Path,
    *,
    timeout_s: float,
    tells_holder: bool = False,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> Iterator[bool]:
    """True inside the block while the lock is held; False when it could not be had within `timeout_s`.

    With `tells_holder` the holder's process id stands in it; without, a full disk is no hindrance.
    """
    until = monotonic() + timeout_s
    while (descriptor := try_lock(path)) is None:
        if monotonic() >= until:
            yield False
            return
        sleep(0.02)
    try:
        if tells_holder:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield True
    finally:
        os.close(descriptor)
