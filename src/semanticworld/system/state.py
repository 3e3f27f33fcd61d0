"""Where this tool keeps what it must remember between two commands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from semanticworld.errors import Refused


def state_folder(environ: Mapping[str, str]) -> Path:
    """MANAGE_COMPUTE_STATE, else semanticworld under XDG_STATE_HOME, else under ~/.local/state.

    Raises Refused (CFG095) when there is no home folder to find it in.
    A relative XDG_STATE_HOME is ignored. Source: XDG Base Directory Specification 0.8.
    """
    own = environ.get("MANAGE_COMPUTE_STATE")
    configured = environ.get("XDG_STATE_HOME", "")
    try:
        if own:
            return Path(own).expanduser().absolute()
        root = Path(configured) if configured.startswith("/") else Path.home() / ".local" / "state"
    except RuntimeError as error:  # what pathlib says of a home that nobody has
        raise Refused(
            "the state folder cannot be found",
            why=f"{own or '~'}: {error}",
            hint="name a folder that you may write to with MANAGE_COMPUTE_STATE",
            code="CFG095",
        ) from error
    return root / "semanticworld"
