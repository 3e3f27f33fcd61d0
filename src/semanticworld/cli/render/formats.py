"""A document as json, yaml, text (tab-separated) or, after a query, a plain table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from semanticworld.cli.render.plain import cleaned
from semanticworld.cli.render.view import Cell, Facts, Grid, Line, View, plain
from semanticworld.core.text import safe, safe_line


def as_json(value: object) -> str:
    """Pure ASCII: everything else, control characters and DEL included, is escaped, so that nothing is lost and nothing acts."""
    return json.dumps(value, ensure_ascii=True, indent=2, allow_nan=False).replace("\x7f", "\\u007f") + "\n"


def as_yaml(value: object) -> str:
    """Block style, keys in our order, texts cleaned."""
    import yaml  # noqa: PLC0415 - only who asks for YAML pays for it

    text: str = yaml.safe_dump(cleaned(value, safe), sort_keys=False, allow_unicode=True, width=10_000)
    return text.removesuffix("...\n")


def as_text(value: object) -> str:
    """Tab-separated values as the aws CLI writes them: one line a mapping, its nested parts below under their key in capitals."""
    return "".join("\t".join(row) + "\n" for row in _rows(value, ""))


def as_view(value: object) -> View:
    """Any value as blocks, for `--output table` with a query."""
    match value:
        case Mapping():
            return (Facts(pairs=tuple((str(key), _cell(item)) for key, item in value.items())),)
        case list() if value and all(isinstance(item, Mapping) for item in value):
            headings = tuple(dict.fromkeys(str(key) for item in value for key in item))
            rows = tuple(tuple(_cell(item.get(heading)) for heading in headings) for item in value)
            return (Grid(headings=headings, rows=rows),)
        case list():
            return tuple(Line(cell=_cell(item)) for item in value)
        case _:
            return (Line(cell=_cell(value)),)


def _cell(value: object) -> Cell:
    return plain(json.dumps(value) if isinstance(value, Mapping | list) else value)


def _rows(value: object, name: str) -> Iterator[list[str]]:
    lead = [safe_line(name).upper()] if name else []
    match value:
        case Mapping():
            scalars = [_scalar(item) for _, item in sorted(value.items()) if not isinstance(item, Mapping | list)]
            if scalars:
                yield [*lead, *scalars]
            for key, item in sorted(value.items()):
                if isinstance(item, Mapping | list):
                    yield from _rows(item, str(key))
        case list():
            scalars = [_scalar(item) for item in value if not isinstance(item, Mapping | list)]
            if scalars:
                yield [*lead, *scalars]
            for item in value:
                if isinstance(item, Mapping | list):
                    yield from _rows(item, name)
        case _:
            yield [*lead, _scalar(value)]


def _scalar(value: object) -> str:
    # AWS's own words: None, True, False.
    return safe_line(str(value))
