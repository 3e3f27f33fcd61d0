"""The journal file: one line of JSON a step, one file an environment, on disk before the step is taken."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from semanticworld.errors import Refused
from semanticworld.model.operation import JournalEntry

MAX_LINE_BYTES = 1_048_576
"""A longer line is none of ours: it is skipped, and never whole in memory."""


class FileJournal:
    """A journal in a folder, written by any number of processes at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def append(self, entry: JournalEntry) -> None:
        """On disk when this returns. Raises Refused (LIF930) when it cannot be written: then nothing must be done."""
        line = json.dumps(_written(entry), separators=(",", ":")).encode() + b"\n"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _locked(self._folder / f"{entry.environment}.jsonl") as descriptor:
                _write_all(descriptor, _newline_if_torn(descriptor) + line)
                os.fsync(descriptor)
        except OSError as error:
            raise Refused(
                "the journal cannot be written",
                why=f"{self._folder}: {error.strerror or error}",
                hint="free some space or name another folder with MANAGE_COMPUTE_STATE",
                code="LIF930",
            ) from error

    def entries(self, environment: str | None) -> tuple[JournalEntry, ...]:
        """Entries of one environment (None: of all), oldest first; a broken line is skipped.

        Raises Refused (LIF931) when the folder or a file cannot be read: nothing known is not nothing done.
        """
        try:
            present = sorted(path.name for path in self._folder.iterdir() if path.suffix == ".jsonl")
            wanted = [name for name in present if environment is None or name == f"{environment}.jsonl"]
            found = [entry for name in wanted for entry in _read(self._folder / name)]
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise Refused(
                "the journal cannot be read",
                why=f"{error.filename or self._folder}: {error.strerror or error}",
                hint="correct what is named, or name another folder with MANAGE_COMPUTE_STATE",
                code="LIF931",
            ) from error
        return tuple(sorted(found, key=lambda entry: entry.at))


class _locked:  # noqa: N801 - reads as a word in a with statement
    """The file opened for appending, 0600, never through a symbolic link, and ours alone until the end of the block."""

    def __init__(self, path: Path) -> None:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        self._is_new = not path.exists()
        self._parent = path.parent
        self._descriptor = os.open(path, flags, stat.S_IRUSR | stat.S_IWUSR)
        _regular(self._descriptor, path)

    def __enter__(self) -> int:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        return self._descriptor

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)
        if self._is_new:  # the name must outlive a power cut as well
            folder = os.open(self._parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _newline_if_torn(descriptor: int) -> bytes:
    """A line break when the last line has none (a writer was killed in it), so that ours stands alone."""
    size = os.fstat(descriptor).st_size
    return b"\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else b""


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _written(entry: JournalEntry) -> Mapping[str, Any]:
    return {
        "operation_id": entry.operation_id,
        "at": entry.at.astimezone(UTC).isoformat(),
        "command": entry.command,
        "environment": entry.environment,
        "step": entry.step,
        "stack_name": entry.stack_name,
        "stack_id": entry.stack_id,
        "token": entry.token,
        "detail": dict(entry.detail),
    }


def _regular(descriptor: int, path: Path) -> None:
    """Nothing for a regular file; OSError for a pipe, a device or a folder, with the descriptor closed."""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))


def _read(path: Path) -> Iterator[JournalEntry]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    _regular(descriptor, path)
    with os.fdopen(descriptor, "rb") as file:
        for line in _lines(file):
            entry = _entry(line)
            if entry is not None:
                yield entry


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Line by line; one that is too long is passed over in pieces."""
    while line := file.readline(MAX_LINE_BYTES):
        if line.endswith(b"\n") or len(line) < MAX_LINE_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES)


def _entry(line: bytes) -> JournalEntry | None:
    """The line's entry, or None for an empty, torn or foreign line."""
    try:
        told = json.loads(line)
        at = datetime.fromisoformat(told["at"])
        if at.tzinfo is None:
            return None
        return JournalEntry(
            operation_id=_text(told["operation_id"]),
            at=at.astimezone(UTC),
            command=_text(told["command"]),
            environment=_text(told["environment"]),
            step=_text(told["step"]),
            stack_name=_text_or_none(told.get("stack_name")),
            stack_id=_text_or_none(told.get("stack_id")),
            token=_text_or_none(told.get("token")),
            detail={_text(key): _text(value) for key, value in (told.get("detail") or {}).items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None


def _text(value: object) -> str:
    """The text without control characters, which have no business in a journal but would act on a terminal."""
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return "".join(character for character in value if character.isprintable())


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)
