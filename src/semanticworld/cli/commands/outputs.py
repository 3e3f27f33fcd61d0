"""outputs: a stack's outputs."""

from __future__ import annotations

from semanticworld.cli.answer import Answer
from semanticworld.cli.commands.layers import environment_of
from semanticworld.cli.context import Context
from semanticworld.cli.render.documents import outputs_document
from semanticworld.cli.render.views import outputs_view


def outputs(context: Context) -> Answer:
    """Names and values."""
    environment = environment_of(context)
    result = context.composition.use_cases().outputs(context.connect(), environment, context.target)
    return Answer(document=outputs_document(result), view=outputs_view(result))
