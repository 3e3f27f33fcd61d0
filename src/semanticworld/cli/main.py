"""One run: arguments in, exit status out. Everything it touches is handed in."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import TYPE_CHECKING

from semanticworld import __version__
from semanticworld.cli.parse import Invocation, parse
from semanticworld.cli.render.failure import failure_text
from semanticworld.cli.report import report_answer, report_failure
from semanticworld.cli.spec import Program
from semanticworld.cli.usage import command_help, overview
from semanticworld.errors import (
    EXIT_BUG,
    EXIT_DONE,
    EXIT_USAGE,
    Interrupted,
    Refused,
    SemanticWorldError,
    Unfinished,
    UsageError,
)

if TYPE_CHECKING:
    from semanticworld.cli.composition import Composition
    from semanticworld.cli.terminal import Terminal

_MACHINE = frozenset(
    {
        errno.EACCES,
        errno.EDQUOT,
        errno.EEXIST,
        errno.EFBIG,
        errno.EINVAL,
        errno.EIO,
        errno.EISDIR,
        errno.ELOOP,
        errno.EMFILE,
        errno.ENAMETOOLONG,
        errno.ENFILE,
        errno.ENOENT,
        errno.ENOSPC,
        errno.ENOTDIR,
        errno.ENXIO,
        errno.EPERM,
        errno.EROFS,
    }
)
_TRUE = frozenset({"1", "true", "yes", "on"})


def main(argv: Sequence[str], program: Program, terminal: Terminal, composition: Composition) -> int:
    """The exit status of the contract; nothing escapes."""
    try:
        status = _guarded(argv, program, terminal, composition)
    except Exception as error:  # noqa: BLE001 - telling of a failure has failed: one line, and no more attempts
        terminal.stderr.write(f"semanticworld has a bug: {type(error).__name__} while a failure was told\n")
        status = EXIT_BUG
    terminal.stdout.flush()
    if terminal.stdout.failure is not None and status == EXIT_DONE:
        unwritten = Unfinished(
            "the answer could not be written",
            why=f"standard output: {terminal.stdout.failure}",
            hint=f"what was asked is done; {program.script} status shows what stands",
            code="CFG096",
        )
        terminal.stderr.write(failure_text(unwritten))
        status = unwritten.exit_status
    terminal.stderr.flush()
    return status


def _guarded(argv: Sequence[str], program: Program, terminal: Terminal, composition: Composition) -> int:
    try:
        return _run(argv, program, terminal, composition)
    except SemanticWorldError as error:
        return report_failure(error, program, argv, terminal)
    except KeyboardInterrupt:
        return report_failure(_interrupted(argv, program), program, argv, terminal)
    except OSError as error:
        failure = _machine(error) if error.errno in _MACHINE else _bug(error, program, argv, composition)
        return report_failure(failure, program, argv, terminal)
    except Exception as error:  # noqa: BLE001 - the one place where a bug becomes a message
        return report_failure(_bug(error, program, argv, composition), program, argv, terminal)


def _machine(error: OSError) -> Refused:
    """A full disk, a folder that is a file, missing rights: the machine's own no."""
    place = f"{error.filename}: " if error.filename else ""
    return Refused(
        "this machine refuses a file that is needed",
        why=f"{place}{error.strerror or error}",
        hint="correct what is named, or point MANAGE_COMPUTE_STATE to a folder that you may write to",
        code="CFG095",
    )


def _bug(error: Exception, program: Program, argv: Sequence[str], composition: Composition) -> SemanticWorldError:
    from semanticworld.cli.bug import record_bug  # noqa: PLC0415 - only a bug pays for it

    command = next((word for word in argv if program.command(word)), "none")
    try:
        folder = composition.state_folder()
    except Exception:  # noqa: BLE001 - the folder may be what is wrong; the first error is the one to tell
        folder = None
    return record_bug(error, folder=folder, now=composition.now(), command=command)


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
    """Before or after the work itself, which tells of its own interruption: nothing goes on."""
    command = next((word for word in argv if program.command(word)), program.name)
    return Interrupted(
        f"{command} was interrupted",
        why="nothing of it goes on",
        hint="the same command again",
        code="CFG091",
    )
