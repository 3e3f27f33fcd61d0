"""CloudWatch's metric math, as far as alarms on a node use it.

Numbers, metric ids, + - * /, unary minus, parentheses, comparison, arrays of series, and FILL, MAX, MIN, SUM, AVG, ABS, IF.
Series are lists of values a period, newest last; None is a missing point. As in CloudWatch, an operation over several series
has a point where any of them has one under MAX, MIN, SUM and AVG of an array, and only where all have one otherwise.

Source: Amazon CloudWatch User Guide, "Using math expressions with CloudWatch metrics" (2026)
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, Union

__all__ = ["MathError", "evaluated"]

Series: TypeAlias = Sequence[float | None]
Value: TypeAlias = Union[float, Series, list[Series]]  # noqa: UP007 - a forward reference in a type alias

_BINARY: Mapping[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARE: Mapping[type, Callable[[float, float], bool]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_REDUCERS: Mapping[str, Callable[[list[float]], float]] = {
    "MAX": max,
    "MIN": min,
    "SUM": sum,
    "AVG": lambda values: sum(values) / len(values),
}


class MathError(ValueError):
    """The expression is none that CloudWatch, or this evaluator, knows."""


class _Evaluator:
    def __init__(self, series: Mapping[str, Series], length: int) -> None:
        self._series = series
        self._length = length

    def value(self, node: ast.expr) -> Value:  # noqa: PLR0911 - a kind of node a line
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name) if name in self._series:
                return self._series[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._each(operator.mul, self.value(operand), -1.0)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _BINARY:
                return self._each(_BINARY[type(op)], self.value(left), self.value(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
                return self._each(_COMPARE[type(op)], self.value(left), self.value(right))
            case ast.List(elts=elements):
                return [self._as_series(self.value(one)) for one in elements]
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._call(name.upper(), arguments)
            case _:
                message = f"Unsupported expression: {ast.unparse(node)}"
                raise MathError(message)

    def _as_series(self, value: Value) -> Series:
        if isinstance(value, float):
            return [value] * self._length
        if value and isinstance(value[0], list | tuple):
            message = "An array of series is not allowed here"
            raise MathError(message)
        return value  # type: ignore[return-value]  # not a number and not an array: a series

    def _each(self, function: Callable[[float, float], float], left: Value, right: Value) -> Value:
        if isinstance(left, float) and isinstance(right, float):
            return float(function(left, right))
        pairs = zip(self._as_series(left), self._as_series(right), strict=True)
        return [self._one(function, one, other) for one, other in pairs]

    @staticmethod
    def _one(function: Callable[[float, float], float], one: float | None, other: float | None) -> float | None:
        if one is None or other is None:
            return None
        try:
            return float(function(one, other))
        except ZeroDivisionError:
            return None

    def _call(self, name: str, arguments: list[ast.expr]) -> Value:
        if name in _REDUCERS and len(arguments) == 1:
            return self._reduced(name, self.value(arguments[0]))
        if name == "ABS" and len(arguments) == 1:
            return [None if one is None else abs(one) for one in self._as_series(self.value(arguments[0]))]
        if name == "FILL" and len(arguments) == 2:  # noqa: PLR2004 - the function's own arity
            return self._filled(self._as_series(self.value(arguments[0])), arguments[1])
        if name == "IF" and len(arguments) in {2, 3}:
            return self._chosen(arguments)
        message = f"Unsupported function: {name}"
        raise MathError(message)

    def _reduced(self, name: str, value: Value) -> Value:
        reduce = _REDUCERS[name]
        if isinstance(value, list) and value and isinstance(value[0], list | tuple):
            columns = zip(*value, strict=True)
            present = [[one for one in column if one is not None] for column in columns]
            return [reduce(column) if column else None for column in present]
        values = [one for one in self._as_series(value) if one is not None]
        return [reduce(values) if values else None] * self._length

    def _filled(self, series: Series, filler: ast.expr) -> Series:
        if isinstance(filler, ast.Name) and filler.id.upper() == "REPEAT":
            filled: list[float | None] = []
            for one in series:
                filled.append(one if one is not None else (filled[-1] if filled else None))
            return filled
        values = self._as_series(self.value(filler))
        return [other if one is None else one for one, other in zip(series, values, strict=True)]

    def _chosen(self, arguments: list[ast.expr]) -> Series:
        conditions, *branches = (self._as_series(self.value(one)) for one in arguments)
        otherwise = branches[1] if len(branches) > 1 else [None] * self._length
        columns = zip(conditions, branches[0], otherwise, strict=True)
        return [yes if condition else no for condition, yes, no in columns]


def evaluated(expression: str, series: Mapping[str, Series], length: int) -> Series:
    """The expression's series of ``length`` points. Raises MathError."""
    try:
        tree = ast.parse(expression, mode="eval")
    except SyntaxError as error:
        message = f"Error in expression: {expression}"
        raise MathError(message) from error
    evaluator = _Evaluator(series, length)
    return evaluator._as_series(evaluator.value(tree.body))
