"""Metric math, without a cloud."""

from __future__ import annotations

import pytest

from semanticworld.local.cloud.resources.services.metric_math import MathError, evaluated

A = [1.0, None, 3.0]
B = [10.0, 20.0, None]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a + b", [11.0, None, None]),
        ("a * 0", [0.0, None, 0.0]),
        ("-a", [-1.0, None, -3.0]),
        ("100 * a / b", [10.0, None, None]),
        ("a / 0", [None, None, None]),
        ("MAX([a, b])", [10.0, 20.0, 3.0]),
        ("MIN([a, b])", [1.0, 20.0, 3.0]),
        ("SUM([a, b])", [11.0, 20.0, 3.0]),
        ("AVG([a, b])", [5.5, 20.0, 3.0]),
        ("MAX(a)", [3.0, 3.0, 3.0]),
        ("FILL(a, 0)", [1.0, 0.0, 3.0]),
        ("FILL(b, REPEAT)", [10.0, 20.0, 20.0]),
        ("IF(a > 2, 1, 0)", [0.0, 0.0, 1.0]),
        ("IF(FILL(b, 0) == 0, 7)", [None, None, 7.0]),
        ("5", [5.0, 5.0, 5.0]),
    ],
)
def test_an_expression_has_a_value_a_period(expression: str, expected: list[float | None]) -> None:
    assert list(evaluated(expression, {"a": A, "b": B}, 3)) == expected


@pytest.mark.parametrize(
    "expression", ["c + 1", "a +", "SEARCH('x')", "__import__('os')", "a.real", "[a, b]", "'text'"]
)
def test_what_is_no_metric_math_is_refused(expression: str) -> None:
    with pytest.raises(MathError):
        evaluated(expression, {"a": A, "b": B}, 3)
