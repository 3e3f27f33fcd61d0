"""Randomness from the machine."""

from __future__ import annotations

import secrets
import string

_LETTERS = string.ascii_lowercase + string.digits
LENGTH = 10
"""36 to the 10th: two operators would need sixty million operations on one stack for an even chance to meet."""


class SystemTokens:
    """Operation ids from the operating system's randomness."""

    def operation_id(self) -> str:
        """Ten lower-case letters and digits, the first one a letter."""
        return secrets.choice(string.ascii_lowercase) + "".join(secrets.choice(_LETTERS) for _ in range(LENGTH - 1))
