"""Instance types to suggest when one is mistyped. It is no gate: any type that AWS knows may be asked for.

Source: Amazon EC2 instance types, accelerated computing and general purpose, 2026.
"""

from __future__ import annotations

_SIZES = {
    "g4dn": ("xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "metal"),
    "g4ad": ("xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"),
    "g5": ("xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "48xlarge"),
    "g5g": ("xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge", "metal"),
    "g6": ("xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "48xlarge"),
    "gr6": ("4xlarge", "8xlarge"),
    "g6e": ("xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "48xlarge"),
    "p3": ("2xlarge", "8xlarge", "16xlarge"),
    "p4d": ("24xlarge",),
    "p4de": ("24xlarge",),
    "p5": ("4xlarge", "48xlarge"),
    "p5e": ("48xlarge",),
    "p5en": ("48xlarge",),
    "p6-b200": ("48xlarge",),
    "t3": ("micro", "small", "medium", "large", "xlarge", "2xlarge"),
    "m6i": ("large", "xlarge", "2xlarge", "4xlarge"),
    "m7i": ("large", "xlarge", "2xlarge", "4xlarge"),
    "c7i": ("large", "xlarge", "2xlarge", "4xlarge"),
}
KNOWN_TYPES = tuple(f"{family}.{size}" for family, sizes in _SIZES.items() for size in sizes)
