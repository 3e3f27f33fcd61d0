"""Where ministack keeps what it knows: module-level containers, read and replaced as one consistent whole.

ministack's own saving goes through JSON (tuples become lists, numbers as keys become text) and leaves things out: object
bodies, STS sessions, which schedules have fired. So every container is taken as it is.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections import deque
from collections.abc import Iterator
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict

_PREFIX = "ministack.services."
_SCOPED = (AccountScopedDict, AccountRegionScopedDict)
_PLAIN = (dict, list, set, deque)

# Plain containers count as state when they are empty before the first request: tables of constants are not.
# These are filled on import and are state all the same.
_FILLED_ON_IMPORT = frozenset({"ministack.services.ec2:_default_initialized_scopes"})

# Work under way inside this process: futures, threads and sockets that mean nothing in the next one.
_OF_THIS_PROCESS = frozenset(
    {
        "ministack.services.cloudformation.custom_resource:_pending",
        "ministack.services.cloudformation.wait_conditions:_waiting",
        "ministack.services.cloudwatch_logs:_live_tail_sessions",
        "ministack.services.s3:_olap_requests",
    }
)


def _globals() -> Iterator[tuple[str, Any]]:
    """Every module-level container of ministack's services once, by its first name."""
    seen: set[int] = set()
    for module_name, module in sorted(sys.modules.items()):
        if not module_name.startswith(_PREFIX):
            continue
        for name, value in list(vars(module).items()):
            key = f"{module_name}:{name}"
            if name.startswith("__") or not isinstance(value, _SCOPED + _PLAIN) or key in _OF_THIS_PROCESS:
                continue
            if id(value) not in seen:
                seen.add(id(value))
                yield key, value


def _load(modules: set[str]) -> None:
    """Import the services that the last server had loaded on somebody's call: what they held has no place before."""
    for name in sorted(modules - sys.modules.keys()):
        if name.startswith(_PREFIX) and importlib.util.find_spec(name) is not None:
            importlib.import_module(name)


class Stores:
    """The containers that are state. Made after everything is imported and before anything is restored or asked."""

    def __init__(self) -> None:
        self._plain = frozenset(
            key
            for key, value in _globals()
            if isinstance(value, _PLAIN)
            and (key in _FILLED_ON_IMPORT or (not value and key.partition(":")[2].startswith("_")))
        )

    def read(self) -> dict[str, Any]:
        """Every container's content by its name, not copied: the caller serialises it before the event loop goes on."""
        return {
            key: value._data if isinstance(value, _SCOPED) else value
            for key, value in _globals()
            if isinstance(value, _SCOPED) or key in self._plain
        }

    def replace(self, content: dict[str, Any]) -> tuple[str, ...]:
        """Put the content back into the same containers; the names for which there is no container any more."""
        _load({key.partition(":")[0] for key in content})
        containers = dict(_globals())
        unknown = []
        for key, values in content.items():
            container = containers.get(key)
            if container is None:
                unknown.append(key)
                continue
            target = container._data if isinstance(container, _SCOPED) else container
            target.clear()
            if isinstance(target, dict | set):
                target.update(values)
            else:
                target.extend(values)
        return tuple(unknown)
