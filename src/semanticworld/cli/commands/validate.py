"""validate: everything that can be checked without changing anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from semanticworld.cli.answer import Answer
from semanticworld.cli.commands.layers import overrides_of, sources_of
from semanticworld.cli.context import Context
from semanticworld.cli.render.documents import validate_document
from semanticworld.cli.render.views import validate_view
from semanticworld.config.sources import read_templates
from semanticworld.errors import Refused, SemanticWorldError
from semanticworld.model.environment import Layer
from semanticworld.model.finding import Outcome
from semanticworld.model.request import LayerSource
from semanticworld.model.result import ValidateResult
from semanticworld.ports import World


def validate(context: Context) -> Answer:
    """All findings; a failed one makes the answer a refusal (exit 3), as create would refuse."""
    environment = None
    if context.invocation.environment:
        read = sources_of(context)
        environment, layers = read.environment, _overridden(context, read.layers)
    else:
        layers = read_templates(context.composition.infrastructure(), context.target)
    offline = [
        finding
        for source in layers.values()
        for finding in context.composition.lint(Path(source.template_path), context.note)
    ]
    world, skipped = _world(context)
    result = context.composition.use_cases().validate(
        environment, context.target, layers, offline=tuple(offline), world=world, skipped=skipped
    )
    return Answer(
        document=validate_document(result),
        view=validate_view(result, _counted(layers)),
        failure=_failure(context, result),
    )


def _counted(layers: Mapping[Layer, LayerSource]) -> dict[str, int]:
    """Each template's file name with its number of resources."""
    sections = {source.template_path: source.template.get("Resources") for source in layers.values()}
    return {Path(path).name: len(found) if isinstance(found, Mapping) else 0 for path, found in sections.items()}


def _overridden(context: Context, layers: Mapping[Layer, LayerSource]) -> Mapping[Layer, LayerSource]:
    """The layers as create would have them with the same options."""
    subnet = context.invocation.text("--subnet")
    options = overrides_of(context) | ({"Subnet": subnet} if subnet else {})
    source = layers[context.target]
    return {**layers, context.target: replace(source, parameters={**source.parameters, **options})}


def _world(context: Context) -> tuple[World | None, tuple[str, ...]]:
    """The world, or why the part that needs it is left out."""
    if context.invocation.environment is None:
        return None, ("what AWS knows: no environment was named",)
    try:
        world = context.connect()
        world.caller.identity()
    except SemanticWorldError as error:
        return None, (f"what AWS knows: {error.what}: {error.why}",)
    return world, ()


def _failure(context: Context, result: ValidateResult) -> SemanticWorldError | None:
    failed = [finding for finding in result.findings if finding.outcome is Outcome.FAIL]
    if not failed:
        return None
    script = context.invocation.program.script
    return Refused(
        "1 check failed" if len(failed) == 1 else f"{len(failed)} checks failed",
        why="; ".join(finding.summary for finding in failed),
        hint=failed[0].fix or f"{script} validate again, once that is cured",
        code="CFG031",
    )
