"""What this package takes from ministack, in one place and under plain names.

Everything here is untyped on ministack's side; the aliases say what the values are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ministack.core import responses
from ministack.services import cloudformation as service
from ministack.services.cloudformation import changesets, drift, engine, handlers, helpers, provisioners, stacks
from ministack.services.cloudformation import wait_conditions as signals

__all__ = [
    "Answer",
    "Handler",
    "Record",
    "Request",
    "changesets",
    "drift",
    "engine",
    "handlers",
    "helpers",
    "provisioners",
    "responses",
    "service",
    "signals",
    "stacks",
]

Record: TypeAlias = dict[str, Any]
"""A stack, change set, resource or event as ministack stores it: plain values only, so that it survives a restart."""

Request: TypeAlias = dict[str, list[str]]
"""A decoded Query request: `Tags.member.1.Key` -> ["Owner"]."""

Answer: TypeAlias = tuple[int, Mapping[str, str], bytes]
"""Status, headers and body of an HTTP answer."""

Handler: TypeAlias = Callable[[Request], Answer]

STACK_TYPE = "AWS::CloudFormation::Stack"


def replace(name: str, value: object, *modules: object) -> None:
    """Put `value` under `name` into every module that bound the original.

    ministack's modules import each other's functions by name, so replacing one in its home alone would change nothing
    for the others. A name that is not there is a sign that ministack changed, and fails loudly.
    """
    for module in modules:
        if not hasattr(module, name):
            raise AttributeError(f"ministack's {module!r} has no {name}: the extension pack does not fit this version")
        setattr(module, name, value)
