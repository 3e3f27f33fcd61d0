"""status: what stands."""

from __future__ import annotations

from semanticworld.cli.answer import Answer
from semanticworld.cli.commands.layers import environment_of
from semanticworld.cli.context import Context
from semanticworld.cli.render.documents import status_all_document, status_document
from semanticworld.cli.render.views import status_all_view, status_view
from semanticworld.cli.spec import ENVIRONMENTS


def status(context: Context) -> Answer:
    """One environment, or without one a row for each."""
    use_cases = context.composition.use_cases()
    if context.invocation.environment is None:
        environments = [environment_of(context, name) for name in ENVIRONMENTS]
        results = use_cases.status_all(context.connect(), environments, context.target)
        return Answer(document=status_all_document(results), view=status_all_view(results))
    environment = environment_of(context)
    result = use_cases.status(context.connect(), environment, context.target)
    return Answer(document=status_document(result), view=status_view(result))
