"""State as bytes and back. Shared values stay shared; large bodies stay out; nothing but data is ever built from it."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from typing import Any

LARGE_BYTES = 32_768
"""From this size on a bytes value is kept in a file of its own, once, however many snapshots refer to it."""

_BUILTINS = frozenset({"bytearray", "complex", "frozenset", "range", "set", "slice"})
_CLASSES = frozenset(
    {
        ("collections", "Counter"),
        ("collections", "OrderedDict"),
        ("collections", "defaultdict"),
        ("collections", "deque"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("decimal", "Decimal"),
        ("ministack.core.responses", "AccountRegionScopedDict"),
        ("ministack.core.responses", "AccountScopedDict"),
    }
)
_OURS = "semanticworld.local."
# What a defaultdict may make for a missing key.
_FACTORIES = frozenset({"dict", "int", "list", "str"})


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, bodies: list[bytes]) -> None:
        super().__init__(file, protocol=5)
        self._bodies = bodies

    def persistent_id(self, obj: Any) -> int | None:  # noqa: ANN401 - the signature of pickle
        if type(obj) is bytes and len(obj) >= LARGE_BYTES:
            self._bodies.append(obj)
            return len(self._bodies) - 1
        return None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, body: Callable[[int], bytes]) -> None:
        super().__init__(file)
        self._body = body

    def persistent_load(self, pid: Any) -> bytes:  # noqa: ANN401 - the signature of pickle
        return self._body(int(pid))

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - the signature of pickle
        data_only = (
            (module == "builtins" and name in _BUILTINS | _FACTORIES)
            or (module, name) in _CLASSES
            or (module.startswith(_OURS) and "." not in name)
        )
        found = super().find_class(module, name) if data_only else None
        if not isinstance(found, type) or found.__module__ != module:
            raise pickle.UnpicklingError(f"a snapshot holds data only, not {module}.{name}")
        return found


def dump(value: object) -> tuple[bytes, tuple[bytes, ...]]:
    """The value's bytes, and the large bodies they refer to by number.

    Raises:
        TypeError, AttributeError, pickle.PicklingError: a lock, a socket or the like stands in it.
        RuntimeError: another thread changed it meanwhile; try again.

    """
    file, bodies = io.BytesIO(), list[bytes]()
    _Pickler(file, bodies).dump(value)
    return file.getvalue(), tuple(bodies)


def load(content: bytes, body: Callable[[int], bytes]) -> Any:  # noqa: ANN401 - whatever was dumped
    """The value that was dumped; `body` gives the large bodies by number.

    Raises:
        pickle.UnpicklingError: it is damaged, or would build something that is not data.

    """
    return _Unpickler(io.BytesIO(content), body).load()
