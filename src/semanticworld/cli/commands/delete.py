"""delete: take a layer away and prove that nothing is left."""

from __future__ import annotations

from semanticworld.cli.answer import Answer
from semanticworld.cli.commands.layers import environment_of
from semanticworld.cli.context import Context
from semanticworld.cli.render.documents import delete_document
from semanticworld.cli.render.view import line
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
    failure = _failure(context, result)
    view = delete_view(result, told=context.is_told)
    if failure is None:
        view = (*view, line(_next(context, result)))
    return Answer(document=delete_document(result), view=view, failure=failure)


def _next(context: Context, result: DeleteResult) -> str:
    if result.dry_run:
        return f"next: {context.command('delete')}"
    if not result.waited:
        return (
            f"next: {context.command('status')}; {context.command('delete')} follows it and proves that nothing is left"
        )
    return f"next: {context.command('create')} makes it again"


def _failure(context: Context, result: DeleteResult) -> SemanticWorldError | None:
    if result.dry_run or not result.waited or not (result.leftovers or result.unproven):
        return None
    things = [f"{item.type} {item.id}" for item in result.leftovers] + list(result.unproven)
    again = context.command("delete")
    if result.leftovers:
        what = "something is left that nobody asked to keep"
        hint = f"{again} --force-delete, or remove it by hand"
    else:
        what = "not everything could be looked up, so nothing is proven gone"
        hint = f"{again} looks again"
    return Unfinished(what, why=", ".join(things), hint=hint, code="CFG093")
