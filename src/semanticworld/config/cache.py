"""Answers remembered by the content they were computed from, in the user's cache folder. Losing it costs time and nothing else."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """A folder of small text files named by hash."""

    folder: Path

    @classmethod
    def of_user(cls, environ: Mapping[str, str] | None = None) -> Cache:
        """XDG_CACHE_HOME/semanticworld, else ~/.cache/semanticworld."""
        variables = os.environ if environ is None else environ
        root = Path(variables.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
        return cls(folder=root / "semanticworld")

    def get(self, kind: str, content: str) -> str | None:
        """What was remembered for this content, None when nothing was or it cannot be read."""
        try:
            return self._path(kind, content).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return None

    def put(self, kind: str, content: str, answer: str) -> None:
        """Remembered, whole or not at all; a folder that cannot be written is no error."""
        path = self._path(kind, content)
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside.write_text(answer, encoding="utf-8")
            aside.replace(path)

    def _path(self, kind: str, content: str) -> Path:
        digest = hashlib.sha256(f"{kind}\0{content}".encode()).hexdigest()
        return self.folder / f"{kind}-{digest[:32]}.json"
