"""The server's log: one file that is cut over before it grows large."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

_LARGEST_BYTES = 2_000_000


def log_to(path: Path) -> None:
    """Send every log line of this process to `path`, at most about 4 MB with the one older file kept beside it."""
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=_LARGEST_BYTES, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s [%(name)s] %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    path.chmod(0o600)
    # Says at every start that KMS cannot sign without a package that nothing here needs.
    logging.getLogger("kms").setLevel(logging.ERROR)
    # One line for every call to AWS would bury what matters.
    logging.getLogger("hypercorn.access").setLevel(logging.WARNING)
