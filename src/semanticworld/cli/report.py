"""The end of a run: the answer on stdout, failures on stderr (and, for scripts, on stdout as a document)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semanticworld.cli.query import apply_query
from semanticworld.cli.render.failure import failure_document, failure_text
from semanticworld.cli.spec import ENVIRONMENTS, Program
from semanticworld.core.text import safe_line
from semanticworld.errors import EXIT_DONE, SemanticWorldError

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult

    from semanticworld.cli.answer import Answer
    from semanticworld.cli.parse import Invocation
    from semanticworld.cli.terminal import Terminal


def report_answer(answer: Answer, invocation: Invocation, terminal: Terminal, compiled: ParsedResult | None) -> int:
    """The exit status, once the answer is written in the form that was asked for."""
    output = invocation.text("--output") or "table"
    failed = answer.failure
    if output == "table" and compiled is None:
        from semanticworld.cli.render.printer import console_on, print_view  # noqa: PLC0415 - scripts do not pay for rich

        color = terminal.color(terminal.stdout, no_color=invocation.flag("--no-color"))
        print_view(console_on(terminal.stdout, color=color), answer.view)
    else:
        document = {
            "ok": failed is None,
            "command": invocation.command.name,
            "environment": invocation.environment,
            **answer.document,
            **({"error": failure_document(failed)} if failed else {}),
        }
        _write(terminal, output, document, compiled, color=not invocation.flag("--no-color"))
    if failed:
        terminal.stderr.write(failure_text(failed))
    terminal.stdout.flush()
    return failed.exit_status if failed else EXIT_DONE


def _write(terminal: Terminal, output: str, document: object, compiled: ParsedResult | None, *, color: bool) -> None:
    from semanticworld.cli.render import formats  # noqa: PLC0415
    from semanticworld.cli.render.plain import plain_value  # noqa: PLC0415

    value, problem = apply_query(compiled, plain_value(document))
    if problem is not None:
        terminal.stderr.write(
            f"warning: --query does not fit this answer, which is given whole: {safe_line(problem)}\n"
        )
    if output == "json":
        terminal.stdout.write(formats.as_json(value))
    elif output == "yaml":
        terminal.stdout.write(formats.as_yaml(value))
    elif output == "text":
        whole = compiled is None or problem is not None
        terminal.stdout.write(formats.as_lines(value) if whole else formats.as_text(value))
    else:
        from semanticworld.cli.render.printer import console_on, print_view  # noqa: PLC0415

        print_view(
            console_on(terminal.stdout, color=terminal.color(terminal.stdout, no_color=not color)),
            formats.as_view(value),
        )


def report_failure(error: SemanticWorldError, program: Program, argv: Sequence[str], terminal: Terminal) -> int:
    """The exit status, once the failure is told. It reads the raw arguments: the failure may be that they cannot be parsed."""
    output = _asked_output(argv)
    if output in {"json", "yaml"}:
        from semanticworld.cli.render import formats  # noqa: PLC0415

        document = {
            "ok": False,
            "command": next((word for word in argv if program.command(word)), None),
            "environment": next((word for word in argv if word in ENVIRONMENTS), None),
            "error": failure_document(error),
        }
        terminal.stdout.write(formats.as_json(document) if output == "json" else formats.as_yaml(document))
        terminal.stdout.flush()
    terminal.stderr.write(failure_text(error))
    terminal.stderr.flush()
    return error.exit_status


def _asked_output(argv: Sequence[str]) -> str | None:
    for position, token in enumerate(argv):
        if token == "--":  # noqa: S105 - the end of the options
            return None
        if token == "--output" and position + 1 < len(argv):  # noqa: S105 - an option
            return argv[position + 1]
        if token.startswith("--output="):
            return token.partition("=")[2]
    return None
