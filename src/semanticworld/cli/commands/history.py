"""history: the operations journal."""

from __future__ import annotations

from semanticworld.cli.answer import Answer
from semanticworld.cli.context import Context
from semanticworld.cli.render.documents import history_document
from semanticworld.cli.render.views import history_view


def history(context: Context) -> Answer:
    """Entries, oldest first; no cloud is asked."""
    result = context.composition.use_cases().history(context.composition.journal(), context.invocation.environment)
    return Answer(document=history_document(result), view=history_view(result))
