"""create: make a layer, or bring it up to date."""

from __future__ import annotations

from semanticworld.cli.answer import Answer
from semanticworld.cli.commands.layers import overrides_of, sources_of
from semanticworld.cli.context import Context
from semanticworld.cli.render.documents import create_document
from semanticworld.cli.render.view import line
from semanticworld.cli.render.views import create_view
from semanticworld.model.request import CreateRequest
from semanticworld.model.result import CreateResult


def create(context: Context) -> Answer:
    """What was made, or in a dry run would be."""
    given = context.invocation
    sources = sources_of(context)
    world = context.connect()
    request = CreateRequest(
        environment=sources.environment,
        target=context.target,
        sources=sources.layers,
        overrides=overrides_of(context),
        subnet=given.text("--subnet"),
        deploy_networking=world.local,
        dry_run=given.flag("--dry-run"),
        wait=not given.flag("--no-wait"),
        timeout_s=given.duration_s("--timeout"),
    )
    result = context.follow(context.composition.use_cases().create(world, request))
    return Answer(
        document=create_document(result),
        view=(*create_view(result, told=context.is_told), line(_next(context, result))),
    )


def _next(context: Context, result: CreateResult) -> str:
    if result.dry_run:
        return f"next: {context.command('create')}"
    if not result.waited:
        return f"next: {context.command('status')}, or {context.command('create')} to follow it"
    return f"next: {context.command('status')}, or {context.command('delete')} when you are done"
