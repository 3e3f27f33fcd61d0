"""What was probably meant by a value that the template does not take."""

from __future__ import annotations

from semanticworld.config.instance_types import KNOWN_TYPES
from semanticworld.core.nearest import nearest
from semanticworld.core.template.parameters import Declaration


def suggested(name: str, value: str, declaration: Declaration) -> str | None:
    """The nearest value that would do, None when nothing is near."""
    if name == "InstanceType":
        return nearest(value, KNOWN_TYPES)
    allowed = declaration.get("AllowedValues")
    return nearest(value, [str(item) for item in allowed]) if isinstance(allowed, list) else None
