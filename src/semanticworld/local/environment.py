"""How ministack is told to behave: by environment variables, which must stand before it is imported."""

from __future__ import annotations

import os
from collections.abc import Mapping

REGION = "eu-central-1"
"""The embedded cloud's region for callers that sign with none (unsigned requests); signed ones say theirs."""

ACCOUNT = "123456789012"
"""The account of every access key that is not itself a 12-digit number (such a key is its own account)."""

_KEPT = frozenset(
    ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "TZ", "VIRTUAL_ENV", "COVERAGE_PROCESS_START"]
)
_KEPT_PREFIXES = ("MANAGE_COMPUTE_", "XDG_")


def for_server(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment that the server's process gets: nothing of the caller's AWS settings, no Docker, no other listener."""
    kept = {name: value for name, value in environ.items() if name in _KEPT or name.startswith(_KEPT_PREFIXES)}
    # The server works in /, where a relative entry would mean another folder.
    paths = [os.path.abspath(path) for path in environ.get("PYTHONPATH", "").split(os.pathsep) if path]  # noqa: PTH100 - text in, text out
    if paths:
        kept["PYTHONPATH"] = os.pathsep.join(paths)
    return kept | ministack_settings()


def ministack_settings() -> dict[str, str]:
    """The switches that ministack reads.

    DOCKER_HOST names a socket that does not exist, so the Docker SDK is never loaded and no container is ever tried.
    Its own persistence stays off: it saves at an orderly end only, and leaves types out (ours is in snapshots.py).
    """
    return {
        "AUTH": "false",
        "BIND_HOST": "127.0.0.1",
        "DOCKER_HOST": "unix:///nonexistent/docker.sock",
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "LOCALSTACK_PERSISTENCE": "0",
        "LOG_LEVEL": "INFO",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "0",
        "S3_PERSIST": "0",
        "SFTP_ENABLED": "0",
        "USE_SSL": "0",
    }
