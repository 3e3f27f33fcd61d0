"""The console scripts: the process's own streams, environment and signals."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING

from semanticworld.cli.main import main
from semanticworld.cli.programs import PROGRAMS
from semanticworld.cli.real import RealComposition
from semanticworld.cli.terminal import Stream, Terminal

if TYPE_CHECKING:
    from semanticworld.cli.composition import Composition


def run_program(name: str, composition: Composition | None = None) -> int:
    """The exit status of this process; without a composition it is the real one."""
    signal.signal(signal.SIGINT, _first_signal)
    signal.signal(signal.SIGTERM, _first_signal)
    terminal = Terminal(stdin=sys.stdin, stdout=Stream(sys.stdout), stderr=Stream(sys.stderr), environ=os.environ)
    status = main(sys.argv[1:], PROGRAMS[name], terminal, composition or RealComposition(os.environ))
    _leave_quietly(terminal)
    return status


def _first_signal(_number: int, _frame: FrameType | None) -> None:
    """The first signal becomes one clear message; the second ends the process at once."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise KeyboardInterrupt


def _leave_quietly(terminal: Terminal) -> None:
    # When the reader has left, the interpreter's last flush would complain: give it a place to flush to.
    terminal.stdout.flush()
    terminal.stderr.flush()
    for stream, raw in ((terminal.stdout, sys.stdout), (terminal.stderr, sys.stderr)):
        if stream.reader_left:
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), raw.fileno())
