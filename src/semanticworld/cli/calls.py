"""--verbose: the calls to AWS as they are made."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from semanticworld.core.text import safe_line

if TYPE_CHECKING:
    from semanticworld.cli.terminal import Stream

_MAKING = "Making request for "


class _CallLines(logging.Handler):
    """One line a request: the operation's name. Parameters are left out: they may hold what is private."""

    def __init__(self, stream: Stream) -> None:
        super().__init__(logging.DEBUG)
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        """Say it, when it is a request."""
        if str(record.msg).startswith(_MAKING) and isinstance(record.args, tuple) and record.args:
            name = getattr(record.args[0], "name", None)
            if name:
                self._stream.write(f"  aws: {safe_line(str(name))}\n")


def tell_calls(stream: Stream) -> None:
    """Let the SDK's own log of requests reach the stream, and nothing else of it."""
    logger = logging.getLogger("botocore.endpoint")
    for old in [handler for handler in logger.handlers if isinstance(handler, _CallLines)]:
        logger.removeHandler(old)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(_CallLines(stream))
