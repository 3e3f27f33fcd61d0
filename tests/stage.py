"""A stage for the command line: streams, environment and a canned program behind it. Nothing is patched."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast

from semanticworld.cli.composition import Connection
from semanticworld.cli.main import main
from semanticworld.cli.programs import COMPUTE
from semanticworld.cli.spec import Program
from semanticworld.cli.terminal import Stream, Terminal
from semanticworld.model.change import Change, PropertyChange, Replacement
from semanticworld.model.environment import Environment, EnvironmentName, Layer
from semanticworld.model.event import (
    ChangesPlanned,
    Event,
    Noted,
    PhaseFinished,
    PhaseStarted,
    ResourceProgress,
    StillWaiting,
)
from semanticworld.model.event import Found as CheckFound
from semanticworld.model.finding import Finding, Outcome
from semanticworld.model.leftover import Deleted, Kept
from semanticworld.model.node import Identity, Node
from semanticworld.model.operation import JournalEntry
from semanticworld.model.question import Question
from semanticworld.model.request import CreateRequest, DeleteRequest, LayerSource
from semanticworld.model.result import (
    CreateResult,
    DeleteResult,
    HistoryResult,
    LayerStatus,
    OutputsResult,
    Phase,
    StatusResult,
    ValidateResult,
)
from semanticworld.model.stack import Stack, StackEvent
from semanticworld.ports import Consent, Journal, World

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[1]
SNAPSHOTS = Path(__file__).parent / "cli" / "snapshots"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DEV = Environment(name=EnvironmentName.DEV, owner="ml-team")

STACK = Stack(
    name="semanticworld-dev-compute",
    id="arn:aws:cloudformation:eu-central-1:123456789012:stack/semanticworld-dev-compute/1",
    status="CREATE_COMPLETE",
    created_at=NOW,
    outputs={"ComputeInstanceId": "i-0abc"},
    tags={"Owner": "ml-team"},
)
NODE = Node(
    instance_id="i-0abc",
    instance_type="g5.xlarge",
    state="running",
    private_ip="10.0.10.5",
    subnet_id="subnet-1",
    availability_zone="eu-central-1a",
    image_id="ami-0123456789abcdef0",
    launched_at=NOW,
)
CHANGE = Change(
    action="Modify",
    logical_id="Node",
    type="AWS::EC2::Instance",
    physical_id="i-0abc",
    replacement=Replacement.TRUE,
    properties=(PropertyChange(attribute="Properties", name="ImageId", requires_recreation="Always"),),
)
FINDING = Finding(
    code="PRE001", outcome=Outcome.WARN, summary="quota is near", evidence="7 of 8 vCPUs", fix="ask for more"
)
EVENT = StackEvent(
    id="e1",
    at=NOW,
    stack_id=STACK.id,
    logical_id="Node",
    physical_id="i-0abc",
    type="AWS::EC2::Instance",
    status="CREATE_COMPLETE",
    reason="because",
)
ENTRY = JournalEntry(
    operation_id="op12345678",
    at=NOW,
    command="create",
    environment="dev",
    step="CreateChangeSet",
    stack_name=STACK.name,
    detail={"reason": "first"},
)

CREATED = CreateResult(
    operation_id="op12345678",
    environment=DEV,
    target=Layer.COMPUTE,
    stack=STACK,
    changes=(CHANGE, Change(action="Add", logical_id="Alarm", type="AWS::CloudWatch::Alarm")),
    node=NODE,
    outputs={"ComputeInstanceId": "i-0abc", "InstancePrivateIp": "10.0.10.5"},
    findings=(FINDING,),
    phases=(Phase(name="base layer", elapsed_s=3.2), Phase(name="compute layer", elapsed_s=4.25)),
    elapsed_s=7.5,
)
DELETED = DeleteResult(
    operation_id="op12345678",
    environment=DEV,
    target=Layer.COMPUTE,
    stack=replace(STACK, status="DELETE_COMPLETE"),
    deleted=(Deleted(type="AWS::EC2::Instance", id="i-0abc", logical_id="Node"),),
    retained=(
        Kept(type="AWS::CloudFormation::Stack", id="semanticworld-dev-base", why="free", usd_per_month=Decimal(0)),
    ),
    leftovers=(),
    unproven=(),
    phases=(Phase(name="delete", elapsed_s=2.0),),
    elapsed_s=2.5,
)
STATUS = StatusResult(
    environment=DEV,
    target=Layer.COMPUTE,
    stack=STACK,
    layers=(
        LayerStatus(layer=Layer.NETWORKING, stack=replace(STACK, name="semanticworld-dev-networking")),
        LayerStatus(layer=Layer.BASE, stack=None, advice="./manage-compute.sh create dev"),
        LayerStatus(layer=Layer.COMPUTE, stack=STACK),
    ),
    node=NODE,
    events=(EVENT,),
    unread=("quota: no permission",),
)
OUTPUTS = OutputsResult(environment=DEV, stack=STACK, outputs={"A": "1", "B": "two words"})
VALIDATED = ValidateResult(
    environment=DEV,
    findings=(FINDING,),
    template_path="infrastructure/semanticworld-compute.yaml",
    resources=12,
    skipped=("AWS",),
)
HISTORY = HistoryResult(environment=DEV, entries=(ENTRY,))
EVENTS = (
    PhaseStarted(name="compute layer"),
    ChangesPlanned(stack_name=STACK.name, changes=(CHANGE,)),
    ResourceProgress(
        stack_name=STACK.name, logical_id="Node", type="AWS::EC2::Instance", status="CREATE_IN_PROGRESS", elapsed_s=0
    ),
    StillWaiting(stack_name=STACK.name, pending=(("Node", 12.0),), elapsed_s=15.0),
    ResourceProgress(
        stack_name=STACK.name,
        logical_id="Node",
        type="AWS::EC2::Instance",
        status="CREATE_COMPLETE",
        elapsed_s=16.5,
        reason="Resource creation Initiated",
    ),
    CheckFound(finding=FINDING),
    Noted(text="the image is a month old", warning=True),
    PhaseFinished(name="compute layer", elapsed_s=17.0, outcome="created"),
)


def poisoned(value: Any, poison: str) -> Any:  # noqa: ANN401 - any value of ours
    """The value with the poison behind every text in it, however deep; enumerations and codes of ours stay."""
    match value:
        case Enum() | None | bool() | int() | float() | Decimal() | datetime():
            return value
        case str():
            return value + poison
        case dict() | MappingProxyType():
            return {key + poison: poisoned(item, poison) for key, item in value.items()}
        case tuple():
            return tuple(poisoned(item, poison) for item in value)
        case _ if is_dataclass(value):
            parts = {part.name: poisoned(getattr(value, part.name), poison) for part in fields(value) if part.init}
            return replace(value, **parts)
    raise TypeError(value)


class FakeCaller:
    def identity(self) -> Identity:
        return Identity(account="123456789012", arn="arn:aws:iam::123456789012:user/me", region="eu-central-1")


@dataclass
class FakeCases:
    """Canned answers; what was asked is kept."""

    answers: dict[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = EVENTS
    raises: BaseException | None = None
    asks: Question | None = None
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def _answer(self, name: str, default: T, *request: object) -> T:
        self.asked.append((name, *request))
        return cast("T", self.answers.get(name, default))

    def _work(self, name: str, default: T, world: World, request: object) -> Generator[Event, None, T]:
        self._answer(name, default, request)
        yield from self.events
        if self.asks and not world.consent.ask(self.asks):
            yield Noted(text="declined")
        if self.raises:
            raise self.raises
        return cast("T", self.answers.get(name, default))

    def create(self, world: World, request: CreateRequest) -> Generator[Event, None, CreateResult]:
        return self._work("create", CREATED, world, request)

    def delete(self, world: World, request: DeleteRequest) -> Generator[Event, None, DeleteResult]:
        return self._work("delete", DELETED, world, request)

    def status(self, world: World, environment: Environment, target: Layer, *, events: int = 10) -> StatusResult:  # noqa: ARG002 - the port's own signature
        if self.raises:
            raise self.raises
        return self._answer("status", STATUS, environment, target, events)

    def status_all(self, world: World, environments: Sequence[Environment], target: Layer) -> tuple[StatusResult, ...]:  # noqa: ARG002
        rows = tuple(replace(STATUS, environment=environment) for environment in environments)
        return self._answer("status_all", rows, environments, target)

    def outputs(self, world: World, environment: Environment, target: Layer) -> OutputsResult:  # noqa: ARG002
        return self._answer("outputs", OUTPUTS, environment, target)

    def history(self, journal: Journal, environment: Environment | None) -> HistoryResult:  # noqa: ARG002
        return self._answer("history", HISTORY, environment)

    def validate(
        self,
        environment: Environment | None,
        target: Layer,
        sources: Mapping[Layer, LayerSource],
        *,
        offline: Sequence[Finding],
        world: World | None,
        skipped: Sequence[str],
    ) -> ValidateResult:
        return self._answer("validate", VALIDATED, environment, target, sources, offline, world, skipped)


class FakeLocal:
    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def _document(self, *asked: object) -> Mapping[str, object]:
        self.asked.append(asked)
        return {
            "running": True,
            "endpoint_url": "http://127.0.0.1:4566",
            "export_line": "export AWS_REGION=eu-central-1",
        }

    def start(self) -> Mapping[str, object]:
        return self._document("start")

    def stop(self, *, force: bool) -> Mapping[str, object]:
        self.asked.append(("stop", force))
        return {"stopped": True}

    def status(self) -> Mapping[str, object]:
        return self._document("status")

    def reset(self) -> Mapping[str, object]:
        return self._document("reset")

    def advance(self, by: str) -> Mapping[str, object]:
        return self._document("advance", by)

    def faults(self) -> Mapping[str, object]:
        return {"faults": []}

    def set_fault(self, words: Sequence[str]) -> Mapping[str, object]:
        self.asked.append(tuple(words))
        return {"faults": [{"number": 1, "kind": words[0]}]}

    def clear_faults(self, number: int | None) -> Mapping[str, object]:
        self.asked.append(("clear", number))
        return {"cleared": 1}


@dataclass
class FakeComposition:
    state: Path
    cases: FakeCases = field(default_factory=FakeCases)
    local: FakeLocal = field(default_factory=FakeLocal)
    problems: tuple[str, ...] = ()
    folder: Path = ROOT / "infrastructure"
    connect_raises: Exception | None = None
    connections: list[Connection] = field(default_factory=list)
    journals: list[bool] = field(default_factory=list)

    def connect(self, connection: Connection, *, consent: Consent, tell: Callable[[str], None]) -> World:
        del tell
        self.connections.append(connection)
        if self.connect_raises:
            raise self.connect_raises
        parts: dict[str, Any] = dict.fromkeys(("stacks", "nodes", "inventory", "journal", "clock", "tokens"))
        return World(**parts, caller=FakeCaller(), consent=consent, local=connection.local)

    def journal(self, *, local: bool) -> Journal:
        self.journals.append(local)
        return cast("Journal", None)  # no canned use case reads it

    def use_cases(self) -> FakeCases:
        return self.cases

    def local_problems(self) -> tuple[str, ...]:
        return self.problems

    def local_cloud(self) -> FakeLocal:
        return self.local

    def infrastructure(self) -> Path:
        return self.folder

    def state_folder(self) -> Path:
        return self.state

    def lint(self, path: Path, tell: Callable[[str], None]) -> tuple[Finding, ...]:
        del tell
        return (Finding(code="CFG030", outcome=Outcome.PASS, summary=f"{path.name} is fine"),)

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> Callable[[], float]:
        return lambda: 1000.0


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Run:
    status: int
    out: str
    err: str


class Stage:
    """Runs the command line against the composition it holds."""

    def __init__(self, state: Path) -> None:
        self.composition = FakeComposition(state=state)

    @property
    def cases(self) -> FakeCases:
        return self.composition.cases

    def run(
        self,
        *argv: str,
        stdin: str = "",
        tty: bool = False,
        environ: Mapping[str, str] | None = None,
        program: Program = COMPUTE,
    ) -> Run:
        make = Tty if tty else io.StringIO
        out, err = make(), make()
        terminal = Terminal(stdin=make(stdin), stdout=Stream(out), stderr=Stream(err), environ=environ or {})
        status = main(argv, program, terminal, self.composition)
        return Run(status=status, out=out.getvalue(), err=err.getvalue())


def without_colors(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
