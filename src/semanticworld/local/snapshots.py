"""Snapshots on disk: the last two stand, so that a damaged or half-written one costs seconds of work and not everything."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from semanticworld.local.folder import write_atomically

_MAGIC = b"semanticworld cloud snapshot 1\n"
_NAME = re.compile(r"^snapshot-(\d{12})$")
_KEPT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One whole snapshot: its number, its content, and the digests of the bodies that the content refers to by position."""

    number: int
    content: bytes
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What could be read, newest first wins, and what is wrong with those that could not."""

    snapshot: Snapshot | None
    damaged: tuple[str, ...]


class Snapshots:
    """A folder of snapshots and of the bodies they share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bodies = folder / "bodies"
        self._hashed: dict[int, tuple[bytes, str]] = {}

    def save(self, content: bytes, bodies: tuple[bytes, ...]) -> int:
        """The new snapshot's number, once it is on disk for good."""
        self._bodies.mkdir(exist_ok=True, mode=0o700)  # without parents: a removed folder stays removed
        # Bodies cannot change, so the same object needs no second hashing; holding it keeps its identity from being reused.
        self._hashed = {
            id(body): self._hashed.get(id(body)) or (body, hashlib.sha256(body).hexdigest()) for body in bodies
        }
        digests = [self._hashed[id(body)][1] for body in bodies]
        for digest, body in zip(digests, bodies, strict=True):
            if not self.body_path(digest).exists():
                write_atomically(self.body_path(digest), body)
        number = max(self._numbers(), default=0) + 1
        packed = zlib.compress(content, 1)
        head = {"sha256": hashlib.sha256(packed).hexdigest(), "length": len(packed), "bodies": digests}
        write_atomically(self._path(number), _MAGIC + json.dumps(head).encode() + b"\n" + packed)
        self._forget_old()
        return number

    def load(self) -> Loaded:
        """The newest snapshot that is whole."""
        damaged: list[str] = []
        for number in sorted(self._numbers(), reverse=True):
            try:
                return Loaded(snapshot=self._read(number), damaged=tuple(damaged))
            except (OSError, ValueError, KeyError, zlib.error) as wrong:
                damaged.append(f"{self._path(number).name}: {wrong}")
        return Loaded(snapshot=None, damaged=tuple(damaged))

    def body(self, digest: str) -> bytes:
        """A body by its digest.

        Raises:
            OSError: it is gone.
            ValueError: it is not what was stored.

        """
        content = self.body_path(digest).read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise ValueError(f"the body {digest[:12]} is damaged")
        return content

    def body_path(self, digest: str) -> Path:
        """Where the body with this digest stands."""
        return self._bodies / digest

    def drop(self, number: int) -> None:
        """Set a snapshot aside that cannot be restored, for whoever wants to look at it."""
        path = self._path(number)
        with contextlib.suppress(FileNotFoundError):
            path.replace(path.with_name("damaged"))

    def _read(self, number: int) -> Snapshot:
        content = self._path(number).read_bytes()
        if not content.startswith(_MAGIC):
            raise ValueError("it does not begin like a snapshot")
        line, _, packed = content[len(_MAGIC) :].partition(b"\n")
        head = json.loads(line)
        if len(packed) != head["length"] or hashlib.sha256(packed).hexdigest() != head["sha256"]:
            raise ValueError("it is not whole")
        bodies = tuple(str(digest) for digest in head["bodies"])
        for digest in bodies:
            self.body(digest)
        return Snapshot(number=number, content=zlib.decompress(packed), bodies=bodies)

    def _path(self, number: int) -> Path:
        return self._folder / f"snapshot-{number:012d}"

    def _numbers(self) -> list[int]:
        if not self._folder.is_dir():
            return []
        return [int(match[1]) for path in self._folder.iterdir() if (match := _NAME.match(path.name))]

    def _forget_old(self) -> None:
        """Remove snapshots beyond the kept ones, and bodies that no kept one refers to."""
        numbers = sorted(self._numbers())
        for number in numbers[:-_KEPT]:
            self._path(number).unlink(missing_ok=True)
        used: set[str] = set()
        for number in numbers[-_KEPT:]:
            try:
                used.update(self._heads_bodies(number))
            except (OSError, ValueError, KeyError):
                continue  # damaged: nothing will ever be read through it
        for path in self._bodies.iterdir():
            if path.name not in used:
                path.unlink(missing_ok=True)

    def _heads_bodies(self, number: int) -> list[str]:
        with self._path(number).open("rb") as file:
            file.readline()
            return [str(digest) for digest in json.loads(file.readline())["bodies"]]
