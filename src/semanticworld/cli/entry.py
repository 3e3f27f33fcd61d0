"""The console scripts: the process's own streams, environment and signals."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING, TextIO, cast

from semanticworld.cli.main import main
from semanticworld.cli.programs import PROGRAMS
from semanticworld.cli.real import RealComposition
from semanticworld.cli.terminal import Stream, Terminal
from semanticworld.errors import EXIT_INTERRUPTED

if TYPE_CHECKING:
    from semanticworld.cli.composition import Composition


def run_program(name: str, composition: Composition | None = None) -> int:
    """The exit status of this process; without a composition it is the real one."""
    _occupy_closed_descriptors()
    signal.signal(signal.SIGINT, _first_signal)
    signal.signal(signal.SIGTERM, _first_signal)
    terminal = Terminal(
        stdin=sys.stdin or io.StringIO(),
        stdout=Stream(sys.stdout or cast("TextIO", _Closed())),
        stderr=Stream(sys.stderr or cast("TextIO", _Closed())),
        environ=os.environ,
    )
    try:
        status = main(sys.argv[1:], PROGRAMS[name], terminal, composition or RealComposition(os.environ))
    except KeyboardInterrupt:  # in the middle of the last words
        status = EXIT_INTERRUPTED
    _leave_quietly(terminal)
    return status


def _occupy_closed_descriptors() -> None:
    """With `>&-` the next file opened would be descriptor 1, and what is printed would land in it."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


class _Closed(io.TextIOBase):
    """What stands for a stream that our caller has closed."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """Never."""
        return False

    def write(self, _text: str) -> int:
        """Refused, as the system would."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def _first_signal(_number: int, _frame: FrameType | None) -> None:
    """The first signal becomes one clear message; the second ends the process at once."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise KeyboardInterrupt


def _leave_quietly(terminal: Terminal) -> None:
    # When a stream takes nothing any more, the interpreter's last flush would complain: give it a place to flush to.
    terminal.stdout.flush()
    terminal.stderr.flush()
    for stream, raw in ((terminal.stdout, sys.stdout), (terminal.stderr, sys.stderr)):
        if stream.is_lost and raw is not None:
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), raw.fileno())
