"""The command line as it was given, as far as the next command must repeat it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Words, each an option with its value if it has one, unquoted and without secrets.

    `connection` leads to the same AWS and goes with every command; `shape` is what the verb was given (`verb` on
    `script`), and goes with the same verb only; `files` goes with every verb of the same script.
    """

    script: str = ""
    verb: str = ""
    connection: tuple[tuple[str, ...], ...] = ()
    shape: tuple[tuple[str, ...], ...] = ()
    files: tuple[tuple[str, ...], ...] = ()


NOTHING_SAID = Spoken()
