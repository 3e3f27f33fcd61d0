"""One run: arguments in, exit status out. Everything it touches is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semanticworld import __version__
from semanticworld.cli.parse import Invocation, parse
from semanticworld.cli.report import report_answer, report_failure
from semanticworld.cli.spec import Program
from semanticworld.cli.usage import command_help, overview
from semanticworld.errors import EXIT_DONE, EXIT_USAGE, Interrupted, SemanticWorldError, UsageError

if TYPE_CHECKING:
    from semanticworld.cli.composition import Composition
    from semanticworld.cli.terminal import Terminal

_TRUE = frozenset({"1", "true", "yes", "on"})


def main(argv: Sequence[str], program: Program, terminal: Terminal, composition: Composition) -> int:
    """The exit status of the contract; nothing escapes."""
    try:
        return _run(argv, program, terminal, composition)
    except SemanticWorldError as error:
        return report_failure(error, program, argv, terminal)
    except KeyboardInterrupt:
        return report_failure(_interrupted(argv, program), program, argv, terminal)
    except Exception as error:  # noqa: BLE001 - the one place where a bug becomes a message
        from semanticworld.cli.bug import record_bug  # noqa: PLC0415 - only a bug pays for it

        command = next((word for word in argv if program.command(word)), "none")
        bug = record_bug(error, folder=composition.state_folder(), now=composition.now(), command=command)
        return report_failure(bug, program, argv, terminal)


def _run(argv: Sequence[str], program: Program, terminal: Terminal, composition: Composition) -> int:
    if not argv:
        terminal.stderr.write(overview(program))
        return EXIT_USAGE
    if list(argv) == ["--version"]:
        terminal.stdout.write(f"{program.name} {__version__}\n")
        return EXIT_DONE
    local = terminal.environ.get("MANAGE_COMPUTE_LOCAL", "").lower() in _TRUE
    invocation = parse(program, argv, local_by_environment=local)
    text = _static_text(invocation, program)
    if text is not None:
        terminal.stdout.write(text)
        terminal.stdout.flush()
        return EXIT_DONE
    from semanticworld.cli.dispatch import run  # noqa: PLC0415 - help pays for nothing
    from semanticworld.cli.query import compile_query  # noqa: PLC0415

    compiled = compile_query(invocation.text("--query"))
    try:
        return report_answer(run(invocation, terminal, composition), invocation, terminal, compiled)
    finally:
        if invocation.flag("--local"):
            for problem in composition.local_problems():
                terminal.stderr.write(f"warning: the embedded cloud cannot save its state: {problem}\n")


def _static_text(invocation: Invocation, program: Program) -> str | None:
    """Help and completion: text made from the table alone."""
    if invocation.wants_help:
        name = invocation.command.name
        return overview(program) if name == "help" else command_help(program, invocation.command)
    if invocation.command.name == "help":
        return _help(invocation, program)
    if invocation.command.name == "completion":
        from semanticworld.cli.completion import script  # noqa: PLC0415

        return script(invocation.words[0])
    return None


def _help(invocation: Invocation, program: Program) -> str:
    if not invocation.words:
        return overview(program)
    wanted = program.command(invocation.words[0])
    if wanted is None:
        from semanticworld.core.nearest import suggestion  # noqa: PLC0415
        from semanticworld.core.text import safe_line  # noqa: PLC0415

        names = [command.name for command in program.commands]
        raise UsageError(
            f"no help on {safe_line(invocation.words[0])!r}",
            why=f"{program.name} knows {', '.join(names)}",
            hint=suggestion(invocation.words[0], names, otherwise=f"{program.script} help"),
            code="CFG001",
        )
    return command_help(program, wanted)


def _interrupted(argv: Sequence[str], program: Program) -> Interrupted:
    command = next((word for word in argv if program.command(word)), "status")
    options = [token for token in argv if token == "--local"]  # noqa: S105 - an option
    from semanticworld.cli.spec import ENVIRONMENTS  # noqa: PLC0415

    environment = next((word for word in argv if word in ENVIRONMENTS), "")
    look = " ".join([program.script, "status", *([environment] if environment else []), *options])
    changes = command in {"create", "delete"}
    return Interrupted(
        f"{command} was interrupted",
        why="what was started goes on by itself: nothing is cancelled" if changes else "nothing was changed",
        hint=f"{look} shows it; the same command again follows it" if changes else "the same command again",
        code="CFG091",
    )
