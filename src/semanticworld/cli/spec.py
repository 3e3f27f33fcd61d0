"""The command line as data: parsing, help, completion and the reference page all read the same table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ENVIRONMENTS = ("dev", "test", "staging", "prod")


class Takes(StrEnum):
    """Whether a command takes an environment."""

    NOTHING = "nothing"
    MAY = "may"
    MUST = "must"


class Kind(StrEnum):
    """What an option's value is; a flag has none."""

    FLAG = "flag"
    TEXT = "text"
    CHOICE = "choice"
    DURATION = "duration"
    COUNT = "count"
    FILE = "file"
    WORDS = "words"


Value = str | bool | tuple[str, ...]
"""What an option was given: True for a flag, its text, or all of its texts where it may be repeated (Kind.WORDS)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option: `name` with its dashes; `kind` has the same meaning in every command, so that words may stand anywhere."""

    name: str
    help: str
    kind: Kind = Kind.FLAG
    metavar: str = ""
    choices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A positional word after the command; `choices` empty means any word; `many` takes all that is left."""

    name: str
    help: str
    required: bool = True
    choices: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its summary is a line, its description a paragraph or more, its examples are whole lines to copy."""

    name: str
    summary: str
    description: str = ""
    environment: Takes = Takes.NOTHING
    words: tuple[Word, ...] = ()
    options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()
    takes_rest: bool = False

    def option(self, name: str) -> Option | None:
        """The option of this name, if the command takes it."""
        return next((option for option in self.options if option.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One of the two commands on the PATH; `layer` is the layer that its verbs mean."""

    name: str
    script: str
    layer: str
    summary: str
    commands: tuple[Command, ...]
    contradictions: tuple[tuple[str, str], ...] = ()

    def command(self, name: str) -> Command | None:
        """The command of this name, if there is one."""
        return next((command for command in self.commands if command.name == name), None)

    def option(self, name: str) -> Option | None:
        """The option of this name in whichever command has it: its kind is the same everywhere."""
        return next((found for command in self.commands if (found := command.option(name))), None)
