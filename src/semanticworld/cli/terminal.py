"""The streams and the environment that a run of ours has: handed in, so that tests hand in theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO


class Stream:
    """A text stream that may be closed, full or left by its reader at any time: what is written then is dropped.

    `head` closing our output or a full disk must neither show a trace nor stop a stack operation half-way.
    """

    def __init__(self, raw: TextIO) -> None:
        self._raw = raw
        self._gone = False
        self._failure: str | None = None

    @property
    def encoding(self) -> str:
        """The raw stream's encoding."""
        return self._raw.encoding or "utf-8"

    @property
    def is_terminal(self) -> bool:
        """Whether a person may be looking."""
        return not self._gone and self._raw.isatty()

    def isatty(self) -> bool:
        """The same, by the name that other libraries ask for."""
        return self.is_terminal

    def fileno(self) -> int:
        """The raw stream's descriptor."""
        return self._raw.fileno()

    def write(self, text: str) -> int:
        """Written, or dropped when nobody reads any more; what the encoding lacks becomes a backslash escape."""
        if not self._gone:
            try:
                self._raw.write(text.encode(self.encoding, "backslashreplace").decode(self.encoding))
            except (OSError, ValueError) as error:
                self._lose(error)
        return len(text)

    def flush(self) -> None:
        """Flushed, if anybody still reads."""
        if not self._gone:
            try:
                self._raw.flush()
            except (OSError, ValueError) as error:
                self._lose(error)

    def _lose(self, error: OSError | ValueError) -> None:
        self._gone = True
        if not isinstance(error, BrokenPipeError):
            self._failure = getattr(error, "strerror", None) or str(error)

    @property
    def is_lost(self) -> bool:
        """Whether nothing can be written any more."""
        return self._gone

    @property
    def failure(self) -> str | None:
        """Why something could not be written; None when all was, or when the reader left of its own will."""
        return self._failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """stdin, stdout (the answer), stderr (the talk) and the environment variables."""

    stdin: TextIO
    stdout: Stream
    stderr: Stream
    environ: Mapping[str, str]

    @property
    def can_ask(self) -> bool:
        """Whether a question can be put to somebody: both ends must be a terminal."""
        return self.stdin.isatty() and self.stderr.is_terminal

    def color(self, stream: Stream, *, no_color: bool) -> bool:
        """Whether to use colours on the stream. Source: no-color.org; any value that is not empty counts."""
        return (
            stream.is_terminal
            and not no_color
            and not self.environ.get("NO_COLOR")
            and self.environ.get("TERM") != "dumb"
        )
