"""local: the embedded cloud's life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from semanticworld.cli.answer import Answer
from semanticworld.cli.consent import TerminalConsent
from semanticworld.cli.context import Context
from semanticworld.cli.options import FAULT_OPTIONS, FORCE_STOP
from semanticworld.cli.render.view import Cell, Facts, Grid, View, line, plain
from semanticworld.core.duration import spell_duration
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
    faults = document.get("faults")
    if isinstance(faults, list):
        return _faults_view(faults)
    pairs = tuple((label, Cell(text=text)) for label, text in _labelled(document))
    export = document.get("export_line")
    return (
        *((Facts(pairs=pairs),) if pairs else ()),
        *((line("for the aws CLI:"), line(str(export))) if export else ()),
    )


def _labelled(document: Mapping[str, object]) -> Iterator[tuple[str, str]]:  # noqa: C901 - a table of words
    """What people read: in words, with units, and nothing that is not known."""
    for key, value in document.items():
        match key, value:
            case "export_line" | "environment_variables", _:
                continue
            case _, None:
                continue
            case _, bool():
                yield key, "yes" if value else "no"
            case "faults", int():
                yield "faults in force", str(value)
            case "counts", dict():
                yield "holds", ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in value.items() if n) or "nothing"
            case "problems", list():
                yield "problems", "; ".join(str(item) for item in value)
            case (("uptime_s" | "clock_ahead_s"), int() | float()):
                yield key.removesuffix("_s").replace("_", " "), spell_duration(value)
            case "state_bytes", int():
                yield "state", f"{value / 1024:.0f} KiB"
            case _, datetime():
                yield key.replace("_", " "), f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
            case _:
                yield key.replace("_", " "), str(value)


def _faults_view(faults: list[Mapping[str, object]]) -> View:
    if not faults:
        return (line("no faults are set"),)
    rows = tuple(
        (
            plain(row.get("number", "-")),
            plain(row.get("kind", "-")),
            Cell(text=_limits(row)),
            Cell(text="unlimited" if row.get("left") is None else str(row["left"])),
            Cell(text=str(row.get("struck", 0))),
        )
        for row in faults
    )
    return (
        Grid(headings=("NUMBER", "KIND", "WHAT", "TIMES LEFT", "STRUCK"), rows=rows),
        line(
            "clear one with ./manage-compute.sh local fault clear NUMBER, all with ./manage-compute.sh local fault clear"
        ),
    )


def _limits(row: Mapping[str, object]) -> str:
    """What the fault strikes, such as `service=ec2 operation=RunInstances share=0.3`."""
    words: list[str] = []
    for key, value in row.items():
        if key in {"number", "kind", "left", "struck", "times"} or value is None:
            continue
        inner = value if isinstance(value, Mapping) else {key: value}
        words += [f"{name}={part}" for name, part in inner.items() if part is not None]
    return " ".join(words) or "every call"


def _usage(what: str, why: str) -> UsageError:
    return UsageError(what, why=why, hint="./manage-compute.sh help local", code="CFG006")
