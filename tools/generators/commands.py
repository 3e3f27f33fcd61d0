"""docs/reference/commands.md: the real help of every command."""

from __future__ import annotations

from semanticworld.cli.programs import PROGRAMS
from semanticworld.cli.usage import command_help, overview

PAGE = "docs/reference/commands.md"


def page() -> str:
    """The page: what `help` prints, command by command."""
    parts = [
        "# Commands",
        "",
        "Written by `tools/reference` from the commands' own help; do not edit. Exit statuses: 0 done, 1 a bug of ours,",
        "2 usage, 3 refused and nothing touched, 4 AWS or the node said no, 5 unfinished (something may still cost money),",
        "or done with an answer that could not be written (CFG096),",
        "130 interrupted.",
    ]
    for program in PROGRAMS.values():
        parts += ["", f"## {program.script}", "", "```", overview(program).rstrip("\n"), "```"]
        for command in program.commands:
            parts += [
                "",
                f"### {program.name} {command.name}",
                "",
                "```",
                command_help(program, command).rstrip("\n"),
                "```",
            ]
    return "\n".join(parts) + "\n"
