"""What we ask before we act."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question to the user. With `expects` only that word, typed, is a yes (in prod: the environment's name).

    `yes_suffices` is False for what --yes must not answer alone: then `--yes` counts only together with the named option.
    """

    text: str
    expects: str | None = None
    consequences: tuple[str, ...] = ()
    yes_suffices: bool = True
    named_option: str | None = None
