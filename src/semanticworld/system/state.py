"""Where this tool keeps what it must remember between two commands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def state_folder(environ: Mapping[str, str]) -> Path:
    """MANAGE_COMPUTE_STATE, else semanticworld under XDG_STATE_HOME, else under ~/.local/state.

    A relative XDG_STATE_HOME is ignored. Source: XDG Base Directory Specification 0.8.
    """
    own = environ.get("MANAGE_COMPUTE_STATE")
    if own:
        return Path(own).expanduser().absolute()
    configured = environ.get("XDG_STATE_HOME", "")
    root = Path(configured) if configured.startswith("/") else Path.home() / ".local" / "state"
    return root / "semanticworld"
