"""Words in any order -> an invocation, or a usage error that says the nearest word.

Why our own and not argparse or click: commands and environments may stand anywhere among the options, repeated options are
refused, and help must cost no more than 5 times `python -c pass` (click alone: 4.3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from semanticworld.cli.spec import ENVIRONMENTS, Command, Kind, Option, Program, Takes, Value
from semanticworld.core.duration import parse_duration_s
from semanticworld.core.nearest import suggestion
from semanticworld.core.text import safe_line
from semanticworld.errors import UsageError

_HELP = ("--help", "-h")
_COUNT_DIGITS = 30
_CONSENT = frozenset({"--confirm", "--everything", "--force-delete", "--yes"})
"""Never proposed in place of another word: who follows a hint must not say yes by it."""
_TOO_LONG = re.compile(r"(?:[0-9]+[dhms])+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What was asked for. Flags are True in `options`; other options are their text, already checked against their kind."""

    program: Program
    command: Command
    environment: str | None = None
    words: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    options: Mapping[str, Value] = field(default_factory=dict)
    wants_help: bool = False

    def flag(self, name: str) -> bool:
        """Whether the flag was given."""
        return self.options.get(name) is True

    def text(self, name: str) -> str | None:
        """The option's value, None when it was not given."""
        value = self.options.get(name)
        return value if isinstance(value, str) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Every value of an option that may be repeated; empty when it was not given."""
        value = self.options.get(name)
        return value if isinstance(value, tuple) else ()

    def duration_s(self, name: str) -> int | None:
        """The option's value in seconds, None when it was not given."""
        value = self.text(name)
        return parse_duration_s(value) if value is not None else None


def parse(program: Program, argv: Sequence[str], *, local_by_environment: bool = False) -> Invocation:
    """The invocation that these arguments mean; raises UsageError (CFG001 to CFG006).

    `local_by_environment` is MANAGE_COMPUTE_LOCAL: it counts as --local wherever a command takes it.
    """
    words, options, rest = _split(program, argv)
    wants_help = any(name in options for name in _HELP)
    options = {name: value for name, value in options.items() if name not in _HELP}
    command = _command(program, words, wants_help=wants_help)
    if wants_help:
        return Invocation(program=program, command=command, wants_help=True)
    _refuse_foreign(program, command, options)
    if local_by_environment and command.option("--local"):
        options.setdefault("--local", True)
    environment = _environment(program, command, words, options)
    _refuse_contradictions(program, options)
    _words(program, command, words)
    if rest is not None and not command.takes_rest:
        raise _usage(
            program,
            command,
            "CFG006",
            f"{command.name} takes nothing after --",
            "only a command for the node stands there",
        )
    return Invocation(
        program=program,
        command=command,
        environment=environment,
        words=tuple(words),
        rest=tuple(rest or ()),
        options=options,
    )


def _split(program: Program, argv: Sequence[str]) -> tuple[list[str], dict[str, Value], list[str] | None]:
    words: list[str] = []
    options: dict[str, Value] = {}
    queue = list(argv)
    while queue:
        token = queue.pop(0)
        if token == "--":  # noqa: S105 - the end of the options
            return words, options, queue
        if not token.startswith("-") or token == "-":  # noqa: S105 - a word
            words.append(token)
            continue
        name, equals, inline = token.partition("=")
        if name in _HELP:
            options[name] = True
            continue
        option = program.option(name)
        if option is None:
            raise _unknown_option(program, name)
        if option.kind is Kind.WORDS:
            earlier = options.get(name, ())
            words_so_far = earlier if isinstance(earlier, tuple) else ()
            options[name] = (*words_so_far, str(_value(program, option, inline if equals else None, queue)))
            continue
        if name in options:
            raise _usage(program, None, "CFG005", f"{name} is given twice", "only one of them can be meant")
        options[name] = _value(program, option, inline if equals else None, queue)
    return words, options, None


def _value(program: Program, option: Option, inline: str | None, queue: list[str]) -> str | bool:
    if option.kind is Kind.FLAG:
        if inline is not None:
            raise _usage(
                program, None, "CFG004", f"{option.name} takes no value", f"it was given {safe_line(inline)!r}"
            )
        return True
    if inline is None:
        if not queue or queue[0].startswith("--"):
            raise _usage(
                program, None, "CFG004", f"{option.name} needs a value", f"{option.metavar} is missing: {option.help}"
            )
        inline = queue.pop(0)
    _check(program, option, inline)
    return inline


def _check(program: Program, option: Option, value: str) -> None:
    wrong = None
    shown = safe_line(value)[:80]
    hint = f"{program.script} help"
    if not value or "\0" in value or "\n" in value:
        wrong = "the value is empty or not a line of text"
    elif option.kind is Kind.CHOICE and value not in option.choices:
        wrong = f"it is one of {', '.join(option.choices)}, not {shown!r}"
        hint = suggestion(value, option.choices, otherwise=f"{option.name} {option.choices[0]}")
    elif option.kind is Kind.DURATION and parse_duration_s(value) is None:
        wrong = f"{shown!r} is {'too long' if _TOO_LONG.fullmatch(value) else 'no duration'}"
        hint = f"{option.name} 10m (s, m, h and d, such as 90s or 1h30m)"
    elif option.kind is Kind.COUNT and not (
        value.isascii() and value.isdigit() and len(value) <= _COUNT_DIGITS and int(value)
    ):
        wrong = f"{shown!r} is not a whole number above 0"
        hint = f"{option.name} 100"
    if wrong:
        raise UsageError(f"wrong value for {option.name}", why=wrong, hint=hint, code="CFG004")


def _command(program: Program, words: list[str], *, wants_help: bool) -> Command:
    for word in words:
        command = program.command(word)
        if command:
            words.remove(word)
            return command
    if wants_help or not words:
        help_command = program.command("help")
        if wants_help and help_command:
            return help_command
        raise UsageError("no command", why="nothing was asked for", hint=f"{program.script} help", code="CFG001")
    strange = next((word for word in words if word not in ENVIRONMENTS), None)
    if strange is None:
        known = ", ".join(command.name for command in program.commands)
        raise UsageError(
            f"no command for {words[0]}",
            why=f"it is one of {known}",
            hint=f"{program.script} status {words[0]}",
            code="CFG001",
        )
    names = [command.name for command in program.commands]
    raise UsageError(
        f"unknown command {safe_line(strange)!r}",
        why=f"{program.name} knows {', '.join(names)}",
        hint=suggestion(strange, names, otherwise=f"{program.script} help"),
        code="CFG001",
    )


def _environment(program: Program, command: Command, words: list[str], options: Mapping[str, Value]) -> str | None:
    if command.environment is Takes.NOTHING:
        return None
    for word in words:
        if word in ENVIRONMENTS:
            words.remove(word)
            return word
    if words and not command.words:
        raise UsageError(
            f"unknown environment {safe_line(words[0])!r}",
            why=f"an environment is one of {', '.join(ENVIRONMENTS)}",
            hint=suggestion(words[0], ENVIRONMENTS, otherwise=_example(program, command, options)),
            code="CFG002",
        )
    if command.environment is Takes.MUST:
        raise UsageError(
            f"{command.name} needs an environment",
            why=f"it is one of {', '.join(ENVIRONMENTS)}",
            hint=_example(program, command, options),
            code="CFG002",
        )
    return None


def _example(program: Program, command: Command, options: Mapping[str, Value]) -> str:
    """The same command with an environment that there is."""
    from semanticworld.cli.spoken import spoken_words  # noqa: PLC0415 - only a mistake pays for it
    from semanticworld.core.commands import spelled  # noqa: PLC0415 - the same

    spoken = spoken_words(program.script, command.name, options)
    return spelled(program.script, command.name, "dev", spoken=spoken, local="--local" in options)


def _words(program: Program, command: Command, words: list[str]) -> None:
    for position, wanted in enumerate(command.words):
        if position >= len(words):
            if wanted.required:
                choices = f": one of {', '.join(wanted.choices)}" if wanted.choices else ""
                raise _usage(
                    program, command, "CFG006", f"{command.name} needs {wanted.name}", f"{wanted.help}{choices}"
                )
            return
        if wanted.choices and words[position] not in wanted.choices:
            raise UsageError(
                f"{command.name} does not know {safe_line(words[position])!r}",
                why=f"{wanted.name} is one of {', '.join(wanted.choices)}",
                hint=suggestion(words[position], wanted.choices, otherwise=f"{program.script} help {command.name}"),
                code="CFG006",
            )
        if wanted.many:
            return
    if len(words) > len(command.words):
        extra = safe_line(words[len(command.words)])
        raise _usage(program, command, "CFG006", f"unexpected word {extra!r}", f"{command.name} takes no more words")


def _refuse_foreign(program: Program, command: Command, options: Mapping[str, Value]) -> None:
    foreign = [name for name in options if command.option(name) is None]
    if foreign:
        names = ", ".join(option.name for option in command.options) or "no options"
        raise _usage(program, command, "CFG003", f"{command.name} does not take {foreign[0]}", f"it takes {names}")


def _refuse_contradictions(program: Program, options: Mapping[str, Value]) -> None:
    for one, other in program.contradictions:
        if one in options and other in options:
            raise UsageError(
                f"{one} and {other} contradict each other",
                why="only one of them can be meant (MANAGE_COMPUTE_LOCAL=1 counts as --local)",
                hint=f"leave out {one} or {other}",
                code="CFG005",
            )


def _unknown_option(program: Program, name: str) -> UsageError:
    known = {option.name for command in program.commands for option in command.options} | {"--help", "--version"}
    known -= _CONSENT
    return UsageError(
        f"unknown option {safe_line(name)!r}",
        why=f"no command of {program.name} takes it",
        hint=suggestion(name, sorted(known), otherwise=f"{program.script} help"),
        code="CFG003",
    )


def _usage(program: Program, command: Command | None, code: str, what: str, why: str) -> UsageError:
    topic = f" {command.name}" if command else ""
    return UsageError(what, why=why, hint=f"{program.script} help{topic}", code=code)
