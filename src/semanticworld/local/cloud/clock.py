"""The cloud's clock: real time plus what `local advance` added. Every timestamp of ministack and of the pack follows it.

ministack's modules read the time through their own globals `time` and `datetime`. Those globals are replaced, module by
module; asyncio, the web server and logging keep the real clock. Monotonic time and sleeping stay real everywhere.
"""

from __future__ import annotations

import datetime as dt
import sys
import time as _time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from types import ModuleType
from typing import Any

import ministack.app

from semanticworld.local.cloud import state

# `local.cloud` too: a module of the pack that reads `time.time()` means the cloud's time.
_FOLLOWING = ("ministack.services.", "semanticworld.local.cloud.")
_FOLLOWING_CORE = frozenset({"ministack.core.responses", "ministack.core.iam_evaluator"})

_offset = timedelta()
_listeners: list[Callable[[], None]] = []
_patched: set[str] = set()


def now() -> datetime:
    """The cloud's time, aware, UTC."""
    return datetime.now(UTC) + _offset


def offset() -> timedelta:
    """How far the cloud's clock is ahead of the real one."""
    return _offset


def on_advance(listener: Callable[[], None]) -> None:
    """Call `listener` on the event loop after each jump of the clock: what is due by now should happen now."""
    _listeners.append(listener)


def advance(by: timedelta) -> datetime:
    """The cloud's time after it went forward. It never goes back: nothing that has happened may lie in the future."""
    global _offset  # noqa: PLW0603 - there is one clock
    if by < timedelta():
        raise ValueError("the clock does not go back")
    _offset += by
    for listener in _listeners:
        listener()
    return now()


class _Time:
    """The `time` module as the cloud's modules see it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the real module has
        return getattr(_time, name)

    @staticmethod
    def time() -> float:
        return _time.time() + _offset.total_seconds()

    @staticmethod
    def time_ns() -> int:
        return _time.time_ns() + _offset // timedelta(microseconds=1) * 1000

    @staticmethod
    def gmtime(seconds: float | None = None) -> _time.struct_time:
        return _time.gmtime(_Time.time() if seconds is None else seconds)

    @staticmethod
    def localtime(seconds: float | None = None) -> _time.struct_time:
        return _time.localtime(_Time.time() if seconds is None else seconds)

    @staticmethod
    def strftime(form: str, moment: _time.struct_time | None = None) -> str:
        return _time.strftime(form, _Time.localtime() if moment is None else moment)


class _AsDatetime(type):
    """Makes a class stand for `datetime` in everything but the reading of the clock."""

    def __getattr__(cls, name: str) -> Any:  # noqa: ANN401 - whatever the real class has
        return getattr(datetime, name)

    def __call__(cls, *args: Any, **kwargs: Any) -> datetime:  # noqa: ANN401 - the real class's own arguments
        return datetime(*args, **kwargs)  # noqa: DTZ001 - as the caller wrote it

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, datetime)


class _Datetime(metaclass=_AsDatetime):
    """The `datetime` class as the cloud's modules see it; all it makes are real datetimes."""

    @staticmethod
    def now(tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) + _offset

    @staticmethod
    def utcnow() -> datetime:
        return now().replace(tzinfo=None)

    @staticmethod
    def today() -> datetime:
        return datetime.now() + _offset  # noqa: DTZ005 - as the real one


class _AsDate(type):
    """Makes a class stand for `date` in everything but the reading of the clock."""

    def __getattr__(cls, name: str) -> Any:  # noqa: ANN401 - whatever the real class has
        return getattr(dt.date, name)

    def __call__(cls, *args: Any, **kwargs: Any) -> dt.date:  # noqa: ANN401 - the real class's own arguments
        return dt.date(*args, **kwargs)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, dt.date)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, dt.date)


class _Date(metaclass=_AsDate):
    """The `date` class as the cloud's modules see it."""

    @staticmethod
    def today() -> dt.date:
        return _Datetime.today().date()


class _DatetimeModule:
    """The `datetime` module as the cloud's modules see it."""

    datetime = _Datetime
    date = _Date

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the real module has
        return getattr(dt, name)


_THE_TIME = _Time()
_THE_DATETIME = _DatetimeModule()


def install() -> None:
    """Make every module of ministack and the pack follow, those that are loaded later as well."""
    _patch_new()
    load = ministack.app._get_module

    def load_and_patch(name: str) -> ModuleType:
        module: ModuleType = load(name)
        _patch_new()
        return module

    ministack.app._get_module = load_and_patch
    state.register("clock", lambda: {"offset_s": _offset.total_seconds()}, _put)


def _put(saved: Any) -> None:  # noqa: ANN401 - what _get gave
    global _offset  # noqa: PLW0603 - there is one clock
    _offset = timedelta(seconds=saved["offset_s"])


def _patch_new() -> None:
    for name, module in list(sys.modules.items()):
        follows = name.startswith(_FOLLOWING) or name in _FOLLOWING_CORE
        if not follows or name in _patched or name == __name__:
            continue
        _patched.add(name)
        for attribute, value in list(vars(module).items()):
            if value is _time:
                setattr(module, attribute, _THE_TIME)
            elif value is dt:
                setattr(module, attribute, _THE_DATETIME)
            elif value is datetime:
                setattr(module, attribute, _Datetime)
            elif value is dt.date:
                setattr(module, attribute, _Date)
