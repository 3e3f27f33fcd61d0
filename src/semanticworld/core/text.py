"""Text from outside, made harmless for a terminal."""

from __future__ import annotations

_DROPPED = (
    (0x00, 0x08),  # C0, but tab and line feed
    (0x0B, 0x1F),
    (0x7F, 0x9F),  # DEL and C1: 0x9b is a CSI of one byte
    (0xAD, 0xAD),  # soft hyphen
    (0x061C, 0x061C),  # Arabic letter mark
    (0x180E, 0x180E),
    (0x200B, 0x200F),  # zero width characters, left-to-right and right-to-left marks
    (0x2028, 0x202E),  # line and paragraph separators, bidirectional embeddings and overrides
    (0x2060, 0x206F),  # word joiner, invisible operators, bidirectional isolates
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFF9, 0xFFFB),  # interlinear annotations
    (0xE0000, 0xE007F),  # tag characters: invisible text
)
_TABLE: dict[int, str | None] = {point: None for first, last in _DROPPED for point in range(first, last + 1)}
_LINE_TABLE: dict[int, str | None] = {**_TABLE, 0x09: " ", 0x0A: " "}
_SURROGATES = range(0xD800, 0xE000)

SHOWN = 80
"""Characters of a value that a message shows."""


def shortened(value: str) -> str:
    """The value in quotes, cut where it would fill the screen."""
    return repr(value) if len(value) <= SHOWN else f"{value[:SHOWN]!r}... ({len(value)} characters)"


def safe(text: str) -> str:
    """The text without anything that steers a terminal or hides from a reader; line feeds and tabs stay.

    Markup is not escaped here: the renderer hands plain text to rich, which then reads no markup in it.
    """
    return _without_surrogates(text.translate(_TABLE))


def safe_line(text: str) -> str:
    """The same on one line: line feeds and tabs become spaces, so that a value cannot forge a row or a column."""
    return _without_surrogates(text.translate(_LINE_TABLE))


def _without_surrogates(text: str) -> str:
    # A lone surrogate (an undecodable byte in an argument) cannot be encoded: writing it would raise.
    if any(ord(character) in _SURROGATES for character in text):
        return "".join("\ufffd" if ord(character) in _SURROGATES else character for character in text)
    return text
