"""What a command says in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from semanticworld.cli.render.view import View
from semanticworld.errors import SemanticWorldError

Document = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One document for scripts, one view for people, and the failure when the answer is a bad one (something is left behind).

    `document` holds the command's own keys; ok, command, environment and error are added where it is written.
    """

    document: Document = field(default_factory=dict)
    view: View = ()
    failure: SemanticWorldError | None = None
