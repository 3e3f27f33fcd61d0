"""A template with its declarations, remembered by content: reading YAML with line numbers takes longer than all the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from semanticworld.config.cache import Cache
from semanticworld.core.template.parameters import Declaration

_FORMAT = "template-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The template's text, the same read, and its Parameters section."""

    body: str
    template: Mapping[str, object]

    @property
    def parameters(self) -> dict[str, Declaration]:
        """The declared parameters by name."""
        found = self.template.get("Parameters")
        return found if isinstance(found, dict) else {}


def declared_in(path: Path, cache: Cache | None = None) -> Declared:
    """What the template says. Raises UsageError (CFG020 to CFG027)."""
    try:
        body = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        from semanticworld.config.template import read_template  # noqa: PLC0415 - it says what is wrong, with its own code

        read_template(path)
        raise
    cache = cache or Cache.of_user()
    known = cache.get(_FORMAT, body)
    if known is not None:
        return Declared(body=body, template=json.loads(known))
    from semanticworld.config.template import parse_template  # noqa: PLC0415 - only a changed template pays

    template = parse_template(body, source=str(path))
    cache.put(_FORMAT, body, json.dumps(template))
    return Declared(body=body, template=template)
