"""Where the embedded cloud keeps its files, and how they are written so that a crash leaves either the old or the new."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from semanticworld.errors import Refused


def state_root(environ: Mapping[str, str]) -> Path:
    """The user's state folder: MANAGE_COMPUTE_STATE, else XDG_STATE_HOME/semanticworld, else ~/.local/state/semanticworld."""
    try:
        if chosen := environ.get("MANAGE_COMPUTE_STATE"):
            return Path(chosen).expanduser().absolute()
        if xdg := environ.get("XDG_STATE_HOME"):
            return Path(xdg).expanduser().absolute() / "semanticworld"
        return Path("~/.local/state/semanticworld").expanduser()
    except RuntimeError as error:  # what pathlib says of a home that nobody has
        raise Refused(
            "The embedded cloud has no place for its state",
            why=f"{environ.get('MANAGE_COMPUTE_STATE') or '~'}: {error}",
            hint="point MANAGE_COMPUTE_STATE to a folder that you may write to",
            code="LOC006",
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The embedded cloud's own folder inside the state folder, readable by its owner alone."""

    root: Path

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Folder:
        """The folder that these environment variables name."""
        return cls(root=state_root(environ) / "local")

    @property
    def record(self) -> Path:
        """Who serves, where, since when, and the control token."""
        return self.root / "server.json"

    @property
    def alive(self) -> Path:
        """Locked by the server for its whole life: the lock, not a process id, says whether it lives."""
        return self.root / "alive.lock"

    @property
    def starting(self) -> Path:
        """Locked by whoever starts, stops or wipes the server."""
        return self.root / "starting.lock"

    @property
    def port(self) -> Path:
        """The port of the last server, which the next one takes again."""
        return self.root / "port"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.root / "server.log"

    @property
    def cloud(self) -> Path:
        """Everything that the cloud holds: snapshots, large bodies, and what the pack's parts keep in files."""
        return self.root / "cloud"

    def make(self) -> None:
        """Create the folder, closed to others."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.root.chmod(0o700)
        self.cloud.mkdir(exist_ok=True, mode=0o700)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` by `content` (mode 0600) so that a crash at any moment leaves the old file or the new one, whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and removals in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
