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
    """The result of a query as the aws CLI writes it, None included: one line a mapping, its nested parts below under their key in capitals."""
    return "".join("\t".join(row) + "\n" for row in _rows(value, ""))


def as_lines(document: object) -> str:
    """A whole answer for cut and awk, tab-separated, `-` for what is not known or does not stand.

    status of all environments: environment, stack status, instance, type, state, private address. outputs: name, value.
    Everything else: a line a fact with its dotted key in the document's order, and a line an entry of a list, under the list's key.
    """
    if not isinstance(document, Mapping):
        return as_text(document)
    if document.get("command") == "outputs" and isinstance(outputs := document.get("outputs"), Mapping):
        rows: Iterator[list[str]] = ([str(name), _known(value)] for name, value in sorted(outputs.items()))
    elif isinstance(environments := document.get("environments"), list):
        rows = (_environment_row(row) for row in environments)
    else:
        rows = _facts(document, "")
    return "".join("\t".join(safe_line(cell) for cell in row) + "\n" for row in rows)


_ROW = ("stack.status", "node.instance_id", "node.instance_type", "node.state", "node.private_ip")


def _environment_row(row: Mapping[str, object]) -> list[str]:
    cells = [_known(row.get("environment"))]
    for place in _ROW:
        part, _, key = place.partition(".")
        inner = row.get(part)
        cells.append(_known(inner.get(key) if isinstance(inner, Mapping) else None))
    return cells


def _facts(value: Mapping[str, object], lead: str) -> Iterator[list[str]]:
    for key, item in value.items():
        name = f"{lead}{key}"
        match item:
            case Mapping():
                yield from _facts(item, f"{name}.")
            case list():
                for entry in item:
                    cells = _flat(entry) if isinstance(entry, Mapping) else [_known(entry)]
                    yield [name, *cells]
            case _:
                yield [name, _known(item)]


def _flat(entry: Mapping[str, object]) -> list[str]:
    """An entry's values in the document's order; what is nested in it is for json."""
    return [_known(item) for item in entry.values() if not isinstance(item, Mapping | list)]


def _known(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "-" if value is None or value == "" else str(value)


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
