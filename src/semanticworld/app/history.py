"""history: what this machine has done, from the operations journal."""

from __future__ import annotations

from semanticworld.model.environment import Environment, EnvironmentName
from semanticworld.model.result import HistoryResult
from semanticworld.ports import Journal


def history(journal: Journal, environment: Environment | str | None) -> HistoryResult:
    """The journal's entries, oldest first; of all environments when none is named."""
    if isinstance(environment, str):
        environment = Environment(name=EnvironmentName(environment))
    return HistoryResult(
        environment=environment, entries=journal.entries(environment.name.value if environment else None)
    )
