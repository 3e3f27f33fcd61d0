"""delete: take a layer away and prove that nothing is left."""

from __future__ import annotations

from semanticworld.cli.answer import Answer
from semanticworld.cli.commands.layers import environment_of
from semanticworld.cli.context import Context
from semanticworld.cli.render.documents import delete_document
from semanticworld.cli.render.views import delete_view
from semanticworld.errors import SemanticWorldError, Unfinished
from semanticworld.model.request import DeleteRequest
from semanticworld.model.result import DeleteResult


def delete(context: Context) -> Answer:
    """What went, what is kept, and what is left: leftovers make the answer a failure (exit 5)."""
    given = context.invocation
    request = DeleteRequest(
        environment=environment_of(context),
        target=context.target,
        everything=given.flag("--everything"),
        force=given.flag("--force-delete"),
        dry_run=given.flag("--dry-run"),
        wait=not given.flag("--no-wait"),
        timeout_s=given.duration_s("--timeout"),
    )
    world = context.connect()
    result = context.follow(context.composition.use_cases().delete(world, request))
    return Answer(document=delete_document(result), view=delete_view(result), failure=_failure(context, result))


def _failure(context: Context, result: DeleteResult) -> SemanticWorldError | None:
    if result.dry_run or not result.waited or not (result.leftovers or result.unproven):
        return None
    things = [f"{item.type} {item.id}" for item in result.leftovers] + list(result.unproven)
    script, environment = context.invocation.program.script, result.environment.name
    if result.leftovers:
        what = "something is left that nobody asked to keep"
        hint = f"{script} delete {environment} --force-delete, or remove it by hand"
    else:
        what = "not everything could be looked up, so nothing is proven gone"
        hint = f"{script} delete {environment} looks again"
    return Unfinished(what, why=", ".join(things), hint=hint, code="CFG093")
