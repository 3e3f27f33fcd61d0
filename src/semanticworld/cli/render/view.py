"""What a person sees, as values: blocks of facts, grids and lines. Text in them may come from outside; the printer cleans it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a text is meant; the printer gives it a colour, and without colours nothing is lost."""

    PLAIN = "plain"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    DIM = "dim"
    TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One text with its tone."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Labels and values, one a line."""

    pairs: tuple[tuple[str, Cell], ...]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows under headings; every row has as many cells as there are headings."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence."""

    cell: Cell


Block = Facts | Grid | Line
View = tuple[Block, ...]


def plain(value: object) -> Cell:
    """The value as text; None reads `unknown`."""
    return Cell(text="unknown", tone=Tone.DIM) if value is None else Cell(text=str(value))


def line(text: str, tone: Tone = Tone.PLAIN) -> Line:
    """One sentence with its tone."""
    return Line(cell=Cell(text=text, tone=tone))


def short_type(type_: str) -> str:
    """A resource's type without the AWS:: that all of them have."""
    return type_.removeprefix("AWS::")


def short_id(id_: str) -> str:
    """The name at the end of an ARN; everything else as it is."""
    return id_.split(":", 5)[-1].rsplit("/", 1)[-1] if id_.startswith("arn:") and id_.count(":") > 4 else id_  # noqa: PLR2004 - arn:partition:service:region:account:resource


def effect_cell(happens: str) -> Cell:
    """What a change does to what stands (the core's words), as loud as it is."""
    if "REPLACED" in happens:
        return Cell(text=happens, tone=Tone.BAD)
    return Cell(text=happens, tone=Tone.WARN if happens.startswith("stopped") else Tone.DIM)


def status_cell(status: str | None) -> Cell:
    """A stack's or resource's status with its tone: ROLLBACK is bad even when it is COMPLETE, a finished delete is good."""
    if status is None:
        return Cell(text="absent", tone=Tone.DIM)
    if "FAILED" in status or "ROLLBACK" in status:
        return Cell(text=status, tone=Tone.BAD)
    if status.endswith("IN_PROGRESS"):
        return Cell(text=status, tone=Tone.WARN)
    return Cell(text=status, tone=Tone.GOOD if status.endswith("COMPLETE") else Tone.PLAIN)
