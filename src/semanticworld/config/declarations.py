"""What a template declares, remembered by content: reading YAML with line numbers takes longer than all the rest of a command."""

from __future__ import annotations

import json
from pathlib import Path

from semanticworld.config.cache import Cache
from semanticworld.config.constraints import Declaration

_FORMAT = "declarations-1"


def declarations_of(template: Path, cache: Cache | None = None) -> tuple[str, dict[str, Declaration]]:
    """The template's text and its Parameters section. Raises UsageError (CFG020 to CFG027)."""
    from semanticworld.config.template import parse_template, read_template  # noqa: PLC0415 - only a changed template pays

    try:
        body = template.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        read_template(template)  # it says what is wrong, with its own code
        raise
    cache = cache or Cache.of_user()
    known = cache.get(_FORMAT, body)
    if known is not None:
        return body, json.loads(known)
    found = parse_template(body, source=str(template)).get("Parameters") or {}
    declared = found if isinstance(found, dict) else {}
    cache.put(_FORMAT, body, json.dumps(declared))
    return body, declared
