"""docs/reference/lifecycle.md from the one function that decides."""

from generators import NOTE
from semanticworld.core import statuses
from semanticworld.core.commands import Subject
from semanticworld.core.decision import Decision, Delete, NothingToDo, Refuse
from semanticworld.core.lifecycle import Command, Runner, StackState, decide
from semanticworld.core.ownership import Ownership
from semanticworld.model.environment import Environment, EnvironmentName, Layer

PAGE = "docs/reference/lifecycle.md"
UNKNOWN = "SOME_NEW_STATUS"
SUBJECT = Subject(environment=Environment(name=EnvironmentName.DEV), layer=Layer.COMPUTE)
ROWS: tuple[str | None, ...] = (None, *sorted(statuses.ALL), UNKNOWN)

INTRODUCTION = """# Every stack status, and what each command does about it

From the one function that decides: `src/semanticworld/core/lifecycle.py`.

* A stack without our tags (Project, Environment, ManagedBy) is foreign: `create`, `delete` and `outputs` refuse it
  ([LIF001](../runbooks/LIF001.md)) in every status, and nothing is changed. `status` shows it.
* "ours" is an operation that this machine's journal knows by its token; "others'" is any other.
* Attach: follow the operation under way, then decide again. Wait: the same for what CloudFormation does by itself.
* Delete first: a failed first creation holds no data; its failures go to the journal, it is deleted, then created anew.
* Review again: the stack has no resources yet and takes a new change set.
"""


def page() -> str:
    """The whole page."""
    lines = [NOTE, "", INTRODUCTION, "| status | create | delete | outputs | status |", "|---|---|---|---|---|"]
    for status in ROWS:
        cells = [_cell(command, status) for command in Command]
        lines.append(f"| {status or '(no stack)'} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def decision(command: Command, status: str | None, runner: Runner, whose: Ownership = Ownership.OURS) -> Decision:
    """What is decided in that case."""
    return decide(command, StackState(status=status, ownership=whose, runner=runner), SUBJECT)


def _cell(command: Command, status: str | None) -> str:
    ours = _words(decision(command, status, Runner.US))
    others = _words(decision(command, status, Runner.OTHERS))
    return ours if ours == others else f"ours: {ours}; others': {others}"


def _words(decided: Decision) -> str:
    match decided:
        case Refuse():
            return f"refuse ([{decided.code}](../runbooks/{decided.code}.md))"
        case NothingToDo():
            return "nothing to do"
        case Delete(after_failure=True):
            return "delete again (--force-delete cures and leaves out what fails)"
        case Delete(interrupts=True):
            return "delete, after a question that says so"
        case _:
            name = type(decided).__name__
            return {
                "CreateNew": "create",
                "ReuseReview": "review again",
                "DeleteFirst": "delete first, then create",
                "RollbackFirst": "roll back first, after a question",
                "ContinueRollback": "continue the rollback first",
            }.get(name, name.lower())
