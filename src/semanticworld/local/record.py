"""The server's record: who serves, where, since when, and the control token (mode 0600)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from semanticworld.local.folder import Folder, write_atomically


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One server's life. `identity` is told to anybody who asks for its health; `token` opens the control API."""

    pid: int
    port: int
    identity: str
    token: str
    started_at: datetime
    version: str

    @property
    def endpoint_url(self) -> str:
        """The address for AWS clients."""
        return f"http://127.0.0.1:{self.port}"

    def __repr__(self) -> str:
        """Without the token: records end up in logs and traces."""
        return f"Record(pid={self.pid}, port={self.port}, started_at={self.started_at.isoformat()})"


def write(folder: Folder, record: Record) -> None:
    """Publish the record of the server that answers now."""
    values = asdict(record) | {"started_at": record.started_at.isoformat()}
    write_atomically(folder.record, json.dumps(values).encode())


def read(folder: Folder) -> Record | None:
    """The last published record; None when there is none or it cannot be read."""
    try:
        values = json.loads(folder.record.read_bytes())
        return Record(
            pid=int(values["pid"]),
            port=int(values["port"]),
            identity=str(values["identity"]),
            token=str(values["token"]),
            started_at=datetime.fromisoformat(values["started_at"]),
            version=str(values["version"]),
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
