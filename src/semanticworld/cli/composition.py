"""What the commands need of the rest of the program. The real one is in real.py; tests hand in a fake: nothing is patched."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from semanticworld.model.environment import Environment, Layer
from semanticworld.model.event import Event
from semanticworld.model.finding import Finding
from semanticworld.model.request import CreateRequest, DeleteRequest, LayerSource
from semanticworld.model.result import (
    CreateResult,
    DeleteResult,
    HistoryResult,
    OutputsResult,
    StatusResult,
    ValidateResult,
)
from semanticworld.ports import Consent, Journal, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Which AWS to talk to, as the options say it; None leaves it to the environment and the profile."""

    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    local: bool = False


class UseCases(Protocol):
    """The application: semanticworld.app's functions by their names."""

    def create(self, world: World, request: CreateRequest) -> Generator[Event, None, CreateResult]:
        """Events, and in the end what was done."""

    def delete(self, world: World, request: DeleteRequest) -> Generator[Event, None, DeleteResult]:
        """Events, and in the end what went and what is left."""

    def status(self, world: World, environment: Environment, target: Layer, *, events: int = 10) -> StatusResult:
        """One environment."""

    def status_all(self, world: World, environments: Sequence[Environment], target: Layer) -> tuple[StatusResult, ...]:
        """Every environment."""

    def outputs(self, world: World, environment: Environment, target: Layer) -> OutputsResult:
        """A stack's outputs."""

    def history(self, journal: Journal, environment: Environment | None) -> HistoryResult:
        """The journal."""

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
        """All findings."""


class LocalCloud(Protocol):
    """The embedded cloud's life; every answer is a document for scripts."""

    def start(self) -> Mapping[str, object]:
        """`endpoint_url` and what the aws CLI needs; no error when it runs already."""

    def stop(self, *, force: bool) -> Mapping[str, object]:
        """`stopped`: whether there was one to stop; raises Unfinished (LOC007) when it cannot save, unless forced."""

    def status(self) -> Mapping[str, object]:
        """`running`, and what the aws CLI needs."""

    def reset(self) -> Mapping[str, object]:
        """Everything in it forgotten."""

    def advance(self, by: str) -> Mapping[str, object]:
        """Its clock moved by a duration such as 2h."""

    def faults(self) -> Mapping[str, object]:
        """`faults`: what is in force."""

    def set_fault(self, words: Sequence[str]) -> Mapping[str, object]:
        """One fault set; raises UsageError (LOC003) for words that are none."""

    def clear_faults(self, number: int | None) -> Mapping[str, object]:
        """`cleared`: how many were taken away, the one with this number or all."""


class Composition(Protocol):
    """The parts, made only when a command needs them."""

    def local_problems(self) -> Sequence[str]:
        """Why the running embedded cloud cannot save its state; nothing when it can, or none runs. Starts none."""

    def connect(self, connection: Connection, *, consent: Consent, tell: Callable[[str], None]) -> World:
        """A wired world; raises Refused without credentials or network. `tell` hears of AWS not answering."""

    def journal(self, *, local: bool) -> Journal:
        """The operations journal of this machine: AWS's, or the embedded cloud's."""

    def use_cases(self) -> UseCases:
        """The application."""

    def local_cloud(self) -> LocalCloud:
        """The embedded cloud."""

    def infrastructure(self) -> Path:
        """The folder with the templates and the parameter files."""

    def state_folder(self) -> Path:
        """The user's state folder."""

    def lint(self, path: Path, tell: Callable[[str], None]) -> tuple[Finding, ...]:
        """What cfn-lint says of a template."""

    def now(self) -> datetime:
        """The time of day, aware, UTC."""

    def monotonic(self) -> Callable[[], float]:
        """Seconds that never go back, for what is shown on screen."""
