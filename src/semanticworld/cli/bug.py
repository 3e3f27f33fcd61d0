"""Our own faults: never a trace on the screen, always one in a file that only its owner reads."""

from __future__ import annotations

import os
import platform
import traceback
from datetime import datetime
from pathlib import Path

from semanticworld import __version__
from semanticworld.errors import SemanticWorldError


class Bug(SemanticWorldError):  # noqa: N818 - it is one
    """An unexpected exception (exit 1)."""


def record_bug(error: BaseException, *, folder: Path | None, now: datetime, command: str) -> Bug:
    """The failure to report; its trace is written to `folder` with mode 0600. Arguments are left out: they may be private."""
    if folder is None:
        where = "there is no folder for its trace"
    else:
        path = folder / "bugs" / f"{now:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
        try:
            _write(path, error, command)
            where = f"the trace lies in {path}"
        except (OSError, ValueError) as failure:
            where = f"the trace could not be written ({getattr(failure, 'strerror', None) or failure})"
    return Bug(
        "semanticworld has a bug",
        why=f"{type(error).__name__} was not expected here; {where}",
        hint="report it with that file; running the same command again is safe",
        code="CFG090",
    )


def _write(path: Path, error: BaseException, command: str) -> None:
    head = (
        f"semanticworld {__version__}, Python {platform.python_version()}, {platform.platform()}, command {command}\n\n"
    )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(head + "".join(traceback.format_exception(error)))
