"""local: the embedded cloud's life."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from semanticworld.cli.answer import Answer
from semanticworld.cli.consent import TerminalConsent
from semanticworld.cli.context import Context
from semanticworld.cli.options import FAULT_OPTIONS, FORCE_STOP
from semanticworld.cli.render.formats import as_view
from semanticworld.cli.render.plain import plain_value
from semanticworld.cli.render.view import Facts, View, line, plain
from semanticworld.errors import Refused, UsageError
from semanticworld.model.question import Question


def local(context: Context) -> Answer:
    """What the action did."""
    action, *arguments = context.invocation.words
    cloud = context.composition.local_cloud()
    if action not in {"advance", "fault"} and arguments:
        raise _usage(f"local {action} takes no more words", f"{arguments[0]!r} is not understood")
    if action != "fault" and (
        foreign := [option.name for option in FAULT_OPTIONS if option.name in context.invocation.options]
    ):
        raise _usage(f"local {action} does not take {foreign[0]}", "it belongs to local fault")
    if action != "stop" and context.invocation.flag(FORCE_STOP.name):
        raise _usage(f"local {action} does not take {FORCE_STOP.name}", "it belongs to local stop")
    match action:
        case "start":
            return _answer(cloud.start())
        case "stop":
            return _answer(cloud.stop(force=context.invocation.flag(FORCE_STOP.name)))
        case "status":
            return _answer(cloud.status())
        case "reset":
            _consent_to_reset(context)
            return _answer(cloud.reset())
        case "advance":
            if len(arguments) != 1:
                raise _usage("local advance needs one duration", "such as 90s, 10m, 2h or 1h30m")
            return _answer(cloud.advance(arguments[0]))
        case _:
            return _fault(context, arguments)


def _fault(context: Context, arguments: list[str]) -> Answer:
    cloud = context.composition.local_cloud()
    match arguments:
        case [] | ["list"]:
            return _answer(cloud.faults())
        case ["clear"]:
            return _answer(cloud.clear_faults(None))
        case ["clear", number] if number.isascii() and number.isdigit():
            return _answer(cloud.clear_faults(int(number)))
        case ["clear", *_]:
            raise _usage("local fault clear takes a fault's number, or nothing", "local fault list has the numbers")
        case _:
            options = [
                f"{option.name}={value}" for option in FAULT_OPTIONS if (value := context.invocation.text(option.name))
            ]
            return _answer(cloud.set_fault([*arguments, *options]))


def _consent_to_reset(context: Context) -> None:
    question = Question(text="Forget everything in the embedded cloud?")
    consent = TerminalConsent(
        context.terminal, yes=context.invocation.flag("--yes"), given=frozenset(), before=context.progress.pause
    )
    if not consent.ask(question):
        raise Refused("nothing was changed", why="you said no", hint="say yes to go on", code="CFG094")


def _answer(document: Mapping[str, object]) -> Answer:
    return Answer(document=document, view=_view(document))


def _view(document: Mapping[str, object]) -> View:
    document = cast("Mapping[str, object]", plain_value(document))
    shown = {
        key: value
        for key, value in document.items()
        if value is not None and key not in {"export_line", "environment_variables"}
    }
    rows = next((value for value in shown.values() if isinstance(value, list)), None)
    pairs = tuple(
        (key.replace("_", " "), plain(value)) for key, value in shown.items() if not isinstance(value, list | Mapping)
    )
    export = document.get("export_line")
    return (
        *((Facts(pairs=pairs),) if pairs else ()),
        *(as_view([_without_gaps(row) for row in rows]) if rows else ()),
        *((line("for the aws CLI:"), line(str(export))) if export else ()),
        *((line("no faults are set"),) if rows == [] and not pairs else ()),
    )


def _without_gaps(row: object) -> object:
    """A fault's row: a limit that was not set is no limit, not something unknown."""
    return {key: "-" if value is None else value for key, value in row.items()} if isinstance(row, Mapping) else row


def _usage(what: str, why: str) -> UsageError:
    return UsageError(what, why=why, hint="./manage-compute.sh help local", code="CFG006")
