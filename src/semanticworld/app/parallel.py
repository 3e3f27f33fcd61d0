"""Reads at the same time, each with its own answer or its own error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, overload

from semanticworld.errors import AwsError, Refused, SemanticWorldError

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")

WORKERS = 16


def each_at_once(reads: Sequence[Callable[[], T]]) -> tuple[T | SemanticWorldError, ...]:
    """One answer a read, in order; what could not be read is the error itself, so that the others still count."""
    if len(reads) == 1:
        return (_answer(reads[0]),)
    with ThreadPoolExecutor(max_workers=min(WORKERS, max(len(reads), 1))) as pool:
        return tuple(pool.map(_answer, reads))


@overload
def at_once(
    first: Callable[[], A], second: Callable[[], B], /
) -> tuple[A | SemanticWorldError, B | SemanticWorldError]: ...


@overload
def at_once(
    first: Callable[[], A], second: Callable[[], B], third: Callable[[], C], /
) -> tuple[A | SemanticWorldError, B | SemanticWorldError, C | SemanticWorldError]: ...


def at_once(*reads: Callable[[], object]) -> tuple[object, ...]:
    """The same for reads of different kinds."""
    return each_at_once(reads)


def sure(answer: T | SemanticWorldError) -> T:
    """The answer itself; raises the error that came instead."""
    if isinstance(answer, SemanticWorldError):
        raise answer
    return answer


def _answer(read: Callable[[], T]) -> T | SemanticWorldError:
    try:
        return read()
    except (AwsError, Refused) as error:
        return error
