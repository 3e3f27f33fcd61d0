"""Help texts, made from the table alone: no library, no terminal codes."""

from __future__ import annotations

from semanticworld.cli.spec import ENVIRONMENTS, Command, Kind, Option, Program, Takes

_COLUMN = 30


def overview(program: Program) -> str:
    """The help of a program."""
    width = max(len(_call(command)) for command in program.commands) + 4
    lines = [
        program.summary,
        "",
        f"usage: {program.script} COMMAND [ENVIRONMENT] [OPTIONS]    (words may stand in any order)",
        "",
        "commands:",
        *(f"  {_call(command):<{width}}{command.summary}" for command in program.commands),
        "",
        f"environments: {', '.join(ENVIRONMENTS)}",
        "",
        f"{program.script} help COMMAND tells all about one command.",
    ]
    return "\n".join(lines) + "\n"


def command_help(program: Program, command: Command) -> str:
    """The help of one command."""
    blocks = [
        f"{command.summary[0].upper()}{command.summary[1:]}.",
        f"usage: {program.script} {_call(command)} [OPTIONS]",
    ]
    if not command.options:
        blocks[1] = blocks[1].removesuffix(" [OPTIONS]")
    if command.description:
        blocks.append(command.description)
    if command.environment is not Takes.NOTHING:
        blocks.append(f"ENVIRONMENT is one of {', '.join(ENVIRONMENTS)}.")
    if command.options:
        blocks.append("options:\n" + "\n".join(_line(option) for option in command.options))
    if command.examples:
        blocks.append("examples:\n" + "\n".join(f"  {example}" for example in command.examples))
    return "\n\n".join(blocks) + "\n"


def _call(command: Command) -> str:
    parts = [command.name]
    match command.environment:
        case Takes.MUST:
            parts.append("ENVIRONMENT")
        case Takes.MAY:
            parts.append("[ENVIRONMENT]")
        case Takes.NOTHING:
            pass
    parts += [
        f"{word.name}{'...' * word.many}" if word.required else f"[{word.name}{'...' * word.many}]"
        for word in command.words
    ]
    return " ".join(parts)


def _line(option: Option) -> str:
    left = option.name if option.kind is Kind.FLAG else f"{option.name} {option.metavar}"
    return f"  {left:<{_COLUMN}}{option.help}"
