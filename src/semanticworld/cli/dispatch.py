"""The command's own module, imported when it is asked for."""

from __future__ import annotations

from semanticworld.cli.answer import Answer
from semanticworld.cli.composition import Composition
from semanticworld.cli.context import Context, progress_for
from semanticworld.cli.parse import Invocation
from semanticworld.cli.terminal import Terminal


def run(invocation: Invocation, terminal: Terminal, composition: Composition) -> Answer:  # noqa: PLR0911 - one return a command
    """What the command says."""
    context = Context(
        invocation=invocation,
        terminal=terminal,
        composition=composition,
        progress=progress_for(invocation, terminal, composition),
    )
    if invocation.flag("--verbose"):
        from semanticworld.cli.calls import tell_calls  # noqa: PLC0415

        tell_calls(terminal.stderr)
    match invocation.command.name:
        case "create":
            from semanticworld.cli.commands.create import create  # noqa: PLC0415

            return create(context)
        case "delete":
            from semanticworld.cli.commands.delete import delete  # noqa: PLC0415

            return delete(context)
        case "status":
            from semanticworld.cli.commands.status import status  # noqa: PLC0415

            return status(context)
        case "outputs":
            from semanticworld.cli.commands.outputs import outputs  # noqa: PLC0415

            return outputs(context)
        case "validate":
            from semanticworld.cli.commands.validate import validate  # noqa: PLC0415

            return validate(context)
        case "history":
            from semanticworld.cli.commands.history import history  # noqa: PLC0415

            return history(context)
        case "local":
            from semanticworld.cli.commands.local import local  # noqa: PLC0415

            return local(context)
        case name:
            raise LookupError(name)
