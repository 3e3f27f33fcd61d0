"""Views on a terminal or in a file, through rich; every text is cleaned here and nothing is read as markup."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Final, assert_never, cast

from semanticworld.cli.render.view import Block, Cell, Facts, Grid, Line, Tone
from semanticworld.cli.terminal import Stream
from semanticworld.core.text import safe, safe_line

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

STYLES: Final = {
    Tone.PLAIN: "",
    Tone.GOOD: "green",
    Tone.WARN: "yellow",
    Tone.BAD: "bold red",
    Tone.DIM: "dim",
    Tone.TITLE: "bold",
}
_GAP = 3
_FILE_WIDTH = 200  # in a pipe or a file nothing is cut off at 80 columns


def console_on(stream: Stream, *, color: bool) -> Console:
    """A rich console on the stream: no markup, no emoji codes, no highlighting; colours only when asked for on a terminal."""
    from rich.console import Console  # noqa: PLC0415 - rich costs 5 times `python -c pass`: only who prints a view pays

    return Console(
        file=cast("IO[str]", stream),
        force_terminal=stream.is_terminal,
        no_color=not color,
        width=None if stream.is_terminal else _FILE_WIDTH,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=False,
        legacy_windows=False,
    )


def print_view(console: Console, view: Iterable[Block]) -> None:
    """The blocks, an empty line between any two but sentences."""
    with console.capture() as printed:
        before: Block | None = None
        for block in view:
            if before is not None and not (isinstance(block, Line) and isinstance(before, Line)):
                console.print()
            console.print(_renderable(block, console.width))
            before = block
    # rich fills the last column with spaces; a file and a diff are better without
    console.file.write("".join(f"{line.rstrip(' ')}\n" for line in printed.get().splitlines()))


def text_of(cell: Cell, *, one_line: bool = True) -> Text:
    """A cell as rich text without markup, cleaned."""
    from rich.text import Text  # noqa: PLC0415 - see above

    return Text(safe_line(cell.text) if one_line else safe(cell.text), style=STYLES[cell.tone], overflow="fold")


def _renderable(block: Block, width: int) -> RenderableType:
    match block:
        case Line():
            return text_of(block.cell, one_line=False)
        case Facts():
            return _table(block.title, (), [(Cell(text=label, tone=Tone.DIM), cell) for label, cell in block.pairs])
        case Grid() if _width(block) > width:
            return _stacked(block, width)
        case Grid():
            return _table(block.title, block.headings, block.rows)
        case _:
            assert_never(block)


def _columns(grid: Grid) -> list[int]:
    """The width that each column would like to have."""
    rows = [[safe_line(cell.text) for cell in row] for row in grid.rows]
    return [max([len(head), *(len(row[at]) for row in rows)]) for at, head in enumerate(grid.headings)]


def _width(grid: Grid) -> int:
    return sum(_columns(grid)) + _GAP * (len(grid.headings) - 1)


def _stacked(grid: Grid, width: int) -> RenderableType:
    """A grid that is too wide: the columns that fit beside each other on a line, the others below it, one a line."""
    from rich.console import Group  # noqa: PLC0415 - see above
    from rich.padding import Padding  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    columns = _columns(grid)
    beside = 1
    while beside < len(columns) and sum(columns[: beside + 1]) + _GAP * beside <= width:
        beside += 1
    lines: list[RenderableType] = [text_of(Cell(text=grid.title, tone=Tone.TITLE))] if grid.title else []
    lines.append(Text(_padded(grid.headings[:beside], columns), style=STYLES[Tone.TITLE]))
    for row in grid.rows:
        head = Text()
        used, shown = 0, 0
        for cell, column in zip(row, columns, strict=True):
            if shown >= beside and (shown > beside or used + len(safe_line(cell.text)) > width):
                break  # one column more may stand beside the others where its text is short
            head.append_text(text_of(cell))
            head.append(" " * (column + _GAP - len(safe_line(cell.text))))
            used, shown = used + column + _GAP, shown + 1
        head.rstrip()
        lines.append(head)
        for heading, cell in zip(grid.headings[shown:], row[shown:], strict=True):
            if cell.text:
                label = Text(f"{safe_line(heading).lower()}: ", style=STYLES[Tone.DIM])
                label.append_text(text_of(cell))
                lines.append(Padding(label, (0, 0, 0, 4)))
    return Group(*lines)


def _padded(texts: tuple[str, ...], columns: list[int]) -> str:
    return (" " * _GAP).join(f"{text:<{column}}" for text, column in zip(texts, columns, strict=False)).rstrip()


def _table(title: str, headings: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> RenderableType:
    from rich.console import Group  # noqa: PLC0415 - see above
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, show_header=bool(headings), header_style="bold", pad_edge=False, padding=(0, _GAP, 0, 0))
    rows = list(rows)
    for heading in headings or [""] * (len(rows[0]) if rows else 0):
        table.add_column(text_of(Cell(text=heading)), overflow="fold")
    for row in rows:
        table.add_row(*(text_of(cell) for cell in row))
    return Group(text_of(Cell(text=title, tone=Tone.TITLE)), table) if title else table
