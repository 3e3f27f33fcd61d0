"""--query: a JMESPath expression, checked before anything happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semanticworld.core.text import safe_line
from semanticworld.errors import UsageError

if TYPE_CHECKING:
    from jmespath.exceptions import JMESPathTypeError
    from jmespath.parser import ParsedResult

_PROBE = {"ok": True, "command": "status", "environment": "dev"}
"""What every answer has."""


def compile_query(expression: str | None) -> ParsedResult | None:
    """The compiled expression, None without one; raises UsageError (CFG007)."""
    if expression is None:
        return None
    import jmespath  # noqa: PLC0415 - only who queries pays for it
    from jmespath.exceptions import ArityError, JMESPathError, JMESPathTypeError, UnknownFunctionError  # noqa: PLC0415

    try:
        compiled = jmespath.compile(expression)
    except JMESPathError as error:
        raise _wrong(str(error)) from error
    try:
        compiled.search(_PROBE)
    except (ArityError, UnknownFunctionError) as error:
        raise _wrong(str(error)) from error
    except JMESPathTypeError as error:
        # A part that is missing here is null and may be something else in the real answer; what is not null fails there too.
        if error.actual_type != "null" and "||" not in expression:
            raise _wrong(_type_error(error)) from error
    except JMESPathError:
        pass  # an error on this document may be none on the real one
    return compiled


def apply_query(compiled: ParsedResult | None, document: object) -> tuple[object, str | None]:
    """The part of the document that the expression means; or all of it, and why the expression fails on it."""
    if compiled is None:
        return document, None
    from jmespath.exceptions import JMESPathError, JMESPathTypeError  # noqa: PLC0415

    try:
        return compiled.search(document), None
    except JMESPathTypeError as error:
        return document, _type_error(error)
    except (JMESPathError, ArithmeticError, TypeError, ValueError) as error:
        return document, type(error).__name__  # its own words would repeat the whole answer


def _type_error(error: JMESPathTypeError) -> str:
    """The error without the value, which may be the whole answer."""
    wanted = " or ".join(str(kind) for kind in error.expected_types)
    return f"{error.function_name}() takes {wanted} and was given {error.actual_type}"


def _wrong(why: str) -> UsageError:
    return UsageError(
        "--query is wrong",
        why=" ".join(safe_line(why).split()),
        hint="https://jmespath.org has the language",
        code="CFG007",
    )
