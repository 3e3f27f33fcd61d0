"""Durations as people write them: 90s, 10m, 2h, 1h30m, 1d."""

from __future__ import annotations

import re

_UNITS_S = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_SHAPE = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", re.ASCII)


def parse_duration_s(text: str) -> int | None:
    """Seconds, more than 0, or None when the text is no duration. A bare number has no unit and is none."""
    match = _SHAPE.fullmatch(text)
    if match is None or not text:
        return None
    seconds = sum(int(amount) * unit for amount, unit in zip(match.groups("0"), _UNITS_S.values(), strict=True))
    return seconds or None


def spell_duration(seconds: float) -> str:
    """A short reading, such as 4.2s, 1m05s, 2h30m or 3d4h."""
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{max(seconds, 0):.1f}s"
    whole = int(seconds)
    if whole < _UNITS_S["h"]:
        return f"{whole // 60}m{whole % 60:02d}s"
    if whole < _UNITS_S["d"]:
        return f"{whole // 3_600}h{whole % 3_600 // 60:02d}m"
    return f"{whole // 86_400}d{whole % 86_400 // 3_600}h"
