"""Completion scripts, made from the command table: static text, so that a TAB costs nothing."""

from __future__ import annotations

from collections.abc import Iterator

from semanticworld.cli.options import FAULT_OPTIONS, FAULT_WORDS
from semanticworld.cli.programs import COMPUTE, NETWORKING
from semanticworld.cli.spec import ENVIRONMENTS, Command, Kind, Option, Program, Takes

_PROGRAMS = (COMPUTE, NETWORKING)


def script(shell: str) -> str:
    """The completion script of both programs for bash, zsh or fish."""
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell]()


def _names(program: Program) -> tuple[str, ...]:
    """The console script, and the starter as it is found on a PATH or typed with its folder."""
    return (program.name, f"{program.name}.sh")


def _function(program: Program) -> str:
    return "_" + program.name.replace("-", "_")


def _after(program: Program, command: Command) -> list[str]:
    """What may stand as a word after the command."""
    words = list(ENVIRONMENTS) if command.environment is not Takes.NOTHING else []
    for word in command.words:
        words += word.choices
    if command.name == "help":
        words += [other.name for other in program.commands]
    return words


def _values(option: Option) -> tuple[str, ...]:
    return option.choices or option.suggestions


def _options(program: Program) -> Iterator[Option]:
    seen: set[str] = set()
    for command in program.commands:
        for option in command.options:
            if option.name not in seen:
                seen.add(option.name)
                yield option


def _bash() -> str:
    return "".join(_bash_program(program) for program in _PROGRAMS)


def _bash_program(program: Program) -> str:
    names = " ".join(command.name for command in program.commands)
    lines = [
        f"{_function(program)}() {{",
        '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" command="" word',
        '  # readline splits at "=": --output=j is three words',
        '  if [ "$current" = "=" ]; then current=""',
        '  elif [ "$previous" = "=" ]; then previous="${COMP_WORDS[COMP_CWORD-2]}"; fi',
        '  case "$previous" in',
    ]
    for option in _options(program):
        if option.kind is Kind.FILE:
            lines.append(f'    {option.name}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;')
        elif option.kind is not Kind.FLAG:
            values = " ".join(_values(option))
            lines.append(f'    {option.name}) mapfile -t COMPREPLY < <(compgen -W "{values}" -- "$current"); return ;;')
    lines += [
        "  esac",
        '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
        f'    case "$word" in {names.replace(" ", "|")}) command="$word"; break ;; esac',
        "  done",
        f'  local words="{names} {" ".join(ENVIRONMENTS)} --help --version"',
        '  case "$command" in',
    ]
    for command in program.commands:
        options = [option.name for option in command.options if option not in FAULT_OPTIONS]
        words = [*_after(program, command), *options, "--help"]
        lines.append(f'    {command.name}) words="{" ".join(words)}" ;;')
    lines += [
        "  esac",
        *(_bash_faults() if program.command("local") else ()),
        '  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")',
        "}",
        f"complete -F {_function(program)} {' '.join(_names(program))} {program.script}",
    ]
    return "\n".join(lines) + "\n"


def _bash_faults() -> list[str]:
    """After `local fault`: the kinds, and the options that only a fault has."""
    options = " ".join(option.name for option in FAULT_OPTIONS)
    return [
        '  if [ "$command" = local ] && [[ " ${COMP_WORDS[*]:1:COMP_CWORD-1} " = *" fault "* ]]; then',
        f'    words="{" ".join(FAULT_WORDS)} {options} --output --help"',
        "  fi",
    ]


def _quoted(text: str) -> str:
    return text.replace("'", "").replace("[", "(").replace("]", ")").replace(":", ",")


def _zsh() -> str:
    parts = ["#compdef " + " ".join(name for program in _PROGRAMS for name in _names(program))]
    for program in _PROGRAMS:
        lines = [f"{_function(program)}() {{", "  local command word", "  for word in ${words[2,CURRENT-1]}; do"]
        names = [command.name for command in program.commands]
        lines.append(f"    case $word in {'|'.join(names)}) command=$word; break ;; esac")
        lines += ["  done", "  case $command in"]
        for command in program.commands:
            specs = [_zsh_option(option) for option in command.options]
            after = _after(program, command)
            positional = f"'*:word:(({' '.join(_described(program, word) for word in [*names, *after])}))'"
            if after:
                positional = f"'*:word:({' '.join([command.name, *after])})'"
            lines.append(f"    {command.name}) _arguments -S {' '.join([*specs, positional])} ;;")
        everything = " ".join(_described(program, word) for word in [*names, *ENVIRONMENTS])
        lines += [
            f"    *) _arguments '--help[help]' '--version[version]' '*:command:(({everything}))' ;;",
            "  esac",
            "}",
        ]
        parts.append("\n".join(lines))
        parts.append(f"compdef {_function(program)} {' '.join(_names(program))} {program.script}")
    return "\n".join(parts) + "\n"


def _described(program: Program, word: str) -> str:
    command = program.command(word)
    return f'{word}\\:"{_quoted(command.summary)}"' if command else f'{word}\\:"environment"'


def _zsh_option(option: Option) -> str:
    if option.kind is Kind.FLAG:
        return f"'{option.name}[{_quoted(option.help)}]'"
    action = "_files" if option.kind is Kind.FILE else f"({' '.join(_values(option))})"
    return f"'{option.name}=[{_quoted(option.help)}]:{option.metavar.lower()}:{action}'"


def _fish() -> str:
    lines: list[str] = []
    for program in _PROGRAMS:
        names = " ".join(command.name for command in program.commands)
        for name in _names(program):
            lines.append(f"complete -c {name} -f")
            lines += [
                f"complete -c {name} -n 'not __fish_seen_subcommand_from {names}' -a {command.name} -d '{_quoted(command.summary)}'"
                for command in program.commands
            ]
            for command in program.commands:
                seen = f"-n '__fish_seen_subcommand_from {command.name}'"
                after = _after(program, command)
                if after:
                    lines.append(f"complete -c {name} {seen} -a '{' '.join(after)}'")
                lines += [f"complete -c {name} {seen} {_fish_option(option)}" for option in command.options]
    return "\n".join(lines) + "\n"


def _fish_option(option: Option) -> str:
    text = f"-l {option.name.removeprefix('--')} -d '{_quoted(option.help)}'"
    if option.kind is Kind.FLAG:
        return text
    if option.kind is Kind.FILE:
        return f"{text} -r -F"
    return f"{text} -x -a '{' '.join(_values(option))}'"
