"""How an endpoint URL is shown."""

from __future__ import annotations

import re

_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s]*@")


def masked(text: str) -> str:
    """The text with the user name and password of every URL in it hidden."""
    return _CREDENTIALS.sub("***@", text)
