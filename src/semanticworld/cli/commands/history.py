"""history: the operations journal."""

from __future__ import annotations

from semanticworld.cli.answer import Answer
from semanticworld.cli.context import Context
from semanticworld.cli.render.documents import history_document
from semanticworld.cli.render.views import history_view
from semanticworld.model.environment import Environment, EnvironmentName


def history(context: Context) -> Answer:
    """Entries, oldest first; no cloud is asked."""
    name = context.invocation.environment
    environment = Environment(name=EnvironmentName(name)) if name else None
    journal = context.composition.journal(local=context.invocation.flag("--local"))
    result = context.composition.use_cases().history(journal, environment)
    return Answer(document=history_document(result), view=history_view(result))
