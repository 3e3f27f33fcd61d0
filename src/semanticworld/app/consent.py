"""Questions asked before something is done that cannot be undone."""

from __future__ import annotations

from collections.abc import Iterable

from semanticworld.app.operation import Operation
from semanticworld.core.commands import Subject
from semanticworld.errors import Refused
from semanticworld.model.question import Question


def require(operation: Operation, subject: Subject, questions: Iterable[Question]) -> None:
    """Returns when every answer is yes, now or earlier in this run; raises Refused (LIF006) at the first no."""
    for question in questions:
        if question in operation.agreed:
            continue
        if not operation.world.consent.ask(question):
            raise Refused(
                f"{subject.words} was left as it is",
                why=f"the answer to {question.text!r} was no",
                hint=subject.command("status"),
                code="LIF006",
            )
        operation.agreed.add(question)


def agreed(operation: Operation, question: Question) -> bool:
    """True for yes; no, and nobody there to be asked, are both no: for what may as well stay."""
    try:
        return operation.world.consent.ask(question)
    except Refused:
        return False
