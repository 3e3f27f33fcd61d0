"""cfn-lint's opinion of a template as findings; remembered by content, because it takes seconds to form."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from semanticworld.config.cache import Cache
from semanticworld.model.finding import Finding, Outcome

CODE = "CFG030"


def lint(
    path: Path, cache: Cache | None = None, *, tell: Callable[[str], None] = lambda _: None
) -> tuple[Finding, ...]:
    """One finding a complaint, or one pass; `tell` hears what takes long. Errors fail, warnings warn; informational rules are left out."""
    cache = cache or Cache.of_user()
    body = path.read_text(encoding="utf-8")
    kind = f"lint-{version('cfn-lint')}"
    known = cache.get(kind, body)
    if not known:
        tell(f"cfn-lint reads {path.name} (some seconds, once for each version of the file) ...")
    complaints = json.loads(known) if known else _complaints(path)
    if not known:
        cache.put(kind, body, json.dumps(complaints))
    if not complaints:
        return (Finding(code=CODE, outcome=Outcome.PASS, summary=f"cfn-lint finds nothing wrong in {path.name}"),)
    return tuple(
        Finding(
            code=CODE,
            outcome=Outcome.FAIL if rule.startswith("E") else Outcome.WARN,
            summary=f"cfn-lint {rule}: {message}",
            evidence=f"{path.name}:{line}",
            fix=f"correct the template on line {line}",
        )
        for rule, message, line in complaints
    )


def _complaints(path: Path) -> list[tuple[str, str, int]]:
    from cfnlint.api import ManualArgs, lint_file  # noqa: PLC0415 - half a second: only a changed template pays

    matches = lint_file(path, config=ManualArgs(regions=["eu-central-1"]))
    return [(match.rule.id, match.message, match.linenumber) for match in matches if match.rule.id[0] in "EW"]
