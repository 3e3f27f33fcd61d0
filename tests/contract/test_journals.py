"""Which journal an operation is written to: what AWS was told and what the embedded cloud was told never mix."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from semanticworld.model.operation import JournalEntry
from semanticworld.wiring import journal

ENTRY = JournalEntry(
    operation_id="a1", at=datetime(2026, 11, 23, tzinfo=UTC), command="create", environment="dev", step="done"
)


def test_the_embedded_clouds_operations_are_not_awss(tmp_path: Path) -> None:
    environ = {"MANAGE_COMPUTE_STATE": str(tmp_path)}
    journal(environ, local=True).append(ENTRY)
    assert journal(environ, local=False).entries("dev") == ()
    assert journal(environ, local=True).entries("dev") == (ENTRY,)
