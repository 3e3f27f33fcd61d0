from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semanticworld.core.duration import parse_duration_s, spell_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("10m", 600), ("2h", 7200), ("1h30m", 5400), ("1d", 86400), ("1d2h3m4s", 93784), ("007s", 7)],
)
def test_a_duration_is_its_seconds(text: str, seconds: float) -> None:
    assert parse_duration_s(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "0s", "10", "m", "1.5h", "-5m", "5 m", "30m1h", "1h1h", "\u0665m", "5M", "9999999s", "1h\n"]
)
def test_everything_else_is_none(text: str) -> None:
    assert parse_duration_s(text) is None


@given(st.integers(1, 10**6), st.sampled_from("smhd"))
def test_one_unit_counts_as_it_should(amount: int, unit: str) -> None:
    expected = amount * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]
    assert parse_duration_s(f"{amount}{unit}") == (expected if amount < 10**6 else None)


@pytest.mark.parametrize(
    ("seconds", "spelled"),
    [(0, "0.0s"), (-1, "0.0s"), (4.25, "4.2s"), (65, "1m05s"), (9000, "2h30m"), (273600, "3d4h")],
)
def test_a_duration_reads_short(seconds: float, spelled: str) -> None:
    assert spell_duration(seconds) == spelled
