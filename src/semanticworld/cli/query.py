"""--query: a JMESPath expression, checked before anything happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semanticworld.core.text import safe_line
from semanticworld.errors import UsageError

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult


def compile_query(expression: str | None) -> ParsedResult | None:
    """The compiled expression, None without one; raises UsageError (CFG007)."""
    if expression is None:
        return None
    import jmespath  # noqa: PLC0415 - only who queries pays for it
    from jmespath.exceptions import ArityError, JMESPathError, UnknownFunctionError  # noqa: PLC0415

    try:
        compiled = jmespath.compile(expression)
    except JMESPathError as error:
        raise _wrong(str(error)) from error
    try:
        compiled.search({})
    except (ArityError, UnknownFunctionError) as error:
        raise _wrong(str(error)) from error
    except JMESPathError:
        pass  # a type error on an empty document may be none on the real one
    return compiled


def apply_query(compiled: ParsedResult | None, document: object) -> object:
    """The part of the document that the expression means; raises UsageError (CFG007)."""
    if compiled is None:
        return document
    from jmespath.exceptions import JMESPathError  # noqa: PLC0415

    try:
        return compiled.search(document)
    except JMESPathError as error:
        raise _wrong(f"{error} (the command itself was carried out)") from error


def _wrong(why: str) -> UsageError:
    return UsageError(
        "--query is wrong",
        why=" ".join(safe_line(why).split()),
        hint="https://jmespath.org has the language",
        code="CFG007",
    )
