"""Reading a template's text, and what AWS says about one that cannot be read."""

from __future__ import annotations

import json
from typing import Any

import yaml

from semanticworld.local.cloud.cloudformation.seam import Record, engine


def parse(body: str) -> Record:
    """The template. Raises ValueError; ministack's handlers put `Template format error: ` before its text."""
    text = body.strip()
    parsed: Any
    try:
        parsed = json.loads(text) if text.startswith("{") else yaml.load(text, Loader=engine.CfnLoader)  # noqa: S506 - a SafeLoader with CloudFormation's tags
    except json.JSONDecodeError as error:
        raise ValueError(f"JSON not well-formed. (line {error.lineno}, column {error.colno})") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise ValueError(f"YAML not well-formed.{where}") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise ValueError("YAML not well-formed.") from None
    if not isinstance(parsed, dict):
        raise ValueError("unsupported structure.")  # noqa: TRY004 - the text goes to the client as it is
    return parsed
