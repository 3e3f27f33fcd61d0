"""The application, imported a use case at a time."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    from semanticworld.ports import Journal, World


class RealUseCases:
    """semanticworld.app by its own names."""

    def create(self, world: World, request: CreateRequest) -> Generator[Event, None, CreateResult]:
        """See app/create.py."""
        from semanticworld.app.create import create  # noqa: PLC0415 - status must not pay for create

        return create(world, request)

    def delete(self, world: World, request: DeleteRequest) -> Generator[Event, None, DeleteResult]:
        """See app/delete.py."""
        from semanticworld.app.delete import delete  # noqa: PLC0415

        return delete(world, request)

    def status(self, world: World, environment: Environment, target: Layer, *, events: int = 10) -> StatusResult:
        """See app/status.py."""
        from semanticworld.app.status import status  # noqa: PLC0415

        return status(world, environment, target, events=events)

    def status_all(self, world: World, environments: Sequence[Environment], target: Layer) -> tuple[StatusResult, ...]:
        """See app/status.py."""
        from semanticworld.app.status import status_all  # noqa: PLC0415

        return status_all(world, environments, target)

    def outputs(self, world: World, environment: Environment, target: Layer) -> OutputsResult:
        """See app/outputs.py."""
        from semanticworld.app.outputs import outputs  # noqa: PLC0415

        return outputs(world, environment, target)

    def history(self, journal: Journal, environment: Environment | None) -> HistoryResult:
        """See app/history.py."""
        from semanticworld.app.history import history  # noqa: PLC0415

        return history(journal, environment)

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
        """See app/validate.py."""
        from semanticworld.app.validate import validate  # noqa: PLC0415

        return validate(environment, target, sources, offline=offline, world=world, skipped=skipped)
