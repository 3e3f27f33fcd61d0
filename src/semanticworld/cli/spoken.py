"""What of this command line the next command must repeat, told without secrets."""

from __future__ import annotations

from collections.abc import Mapping

from semanticworld.cli.spec import Value
from semanticworld.core.endpoint import masked
from semanticworld.model.spoken import Spoken

_CONNECTION = ("--region", "--profile", "--endpoint-url")
_SHAPE = ("--instance-type", "--subnet", "--storage-size", "--everything")
_FILES = ("--parameters",)


def spoken_words(script: str, verb: str, options: Mapping[str, Value]) -> Spoken:
    """The words of these options; --local is not among them, as it is told by itself."""
    return Spoken(
        script=script,
        verb=verb,
        connection=_told(_CONNECTION, options),
        shape=_told(_SHAPE, options),
        files=_told(_FILES, options),
    )


def _told(names: tuple[str, ...], options: Mapping[str, Value]) -> tuple[tuple[str, ...], ...]:
    found: list[tuple[str, ...]] = []
    for name in names:
        value = options.get(name)
        if value is True:
            found.append((name,))
        elif isinstance(value, str):
            found.append((name, masked(value)))
    return tuple(found)
