"""The nearest of the words we know."""

from __future__ import annotations

from collections.abc import Iterable

_NEAR = 0.65
"""difflib's ratio: prdo and prod have 0.75, dve and dev 0.67, xml and yaml 0.57."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, or None when none is near enough to be meant."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake pays for it

    # Dashes in front are alike in all options and say nothing about nearness.
    by_lower = {candidate.lower().lstrip("-"): candidate for candidate in known}
    matches = get_close_matches(word.lower().lstrip("-")[:80], by_lower, n=1, cutoff=_NEAR)
    return by_lower[matches[0]] if matches else None


def suggestion(word: str, known: Iterable[str], *, otherwise: str) -> str:
    """`did you mean X?`, or the other hint when nothing is near."""
    match = nearest(word, known)
    return f"did you mean {match}?" if match else otherwise
