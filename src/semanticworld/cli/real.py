"""The real parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from semanticworld.cli.composition import Connection, LocalCloud, UseCases
    from semanticworld.local.commands import FaultInForce, Status
    from semanticworld.model.finding import Finding
    from semanticworld.ports import Consent, Journal, World


class RealComposition:
    """Every part made from the process's environment, imported when it is first needed."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def connect(self, connection: Connection, *, consent: Consent, tell: Callable[[str], None]) -> World:
        """The world through wiring."""
        from semanticworld.wiring import Settings, connect  # noqa: PLC0415 - help must not pay for it

        settings = Settings(
            region=connection.region,
            profile=connection.profile,
            endpoint_url=connection.endpoint_url,
            local=connection.local,
        )
        return connect(settings, consent=consent, environ=self._environ, tell=tell)

    def journal(self, *, local: bool) -> Journal:
        """The journal's files."""
        from semanticworld.wiring import journal  # noqa: PLC0415

        return journal(self._environ, local=local)

    def use_cases(self) -> UseCases:
        """semanticworld.app."""
        from semanticworld.cli.use_cases import RealUseCases  # noqa: PLC0415

        return RealUseCases()

    def local_problems(self) -> Sequence[str]:
        """What the embedded cloud says of itself."""
        from semanticworld.local import process  # noqa: PLC0415
        from semanticworld.local.folder import Folder  # noqa: PLC0415

        return process.problems(Folder.of(self._environ))

    def local_cloud(self) -> LocalCloud:
        """semanticworld.local.commands."""
        return RealLocalCloud(self._environ)

    def infrastructure(self) -> Path:
        """infrastructure/ of this checkout."""
        from pathlib import Path  # noqa: PLC0415 - pathlib and datetime cost help a tenth of its time

        import semanticworld  # noqa: PLC0415
        from semanticworld.config.project import infrastructure_folder  # noqa: PLC0415

        return infrastructure_folder(Path(semanticworld.__file__).parent)

    def state_folder(self) -> Path:
        """The user's state folder."""
        from semanticworld.system.state import state_folder  # noqa: PLC0415

        return state_folder(self._environ)

    def lint(self, path: Path, tell: Callable[[str], None]) -> tuple[Finding, ...]:
        """cfn-lint, remembered."""
        from semanticworld.config.lint import lint  # noqa: PLC0415

        return lint(path, tell=tell)

    def now(self) -> datetime:
        """The system's clock."""
        from datetime import UTC, datetime  # noqa: PLC0415

        return datetime.now(UTC)

    def monotonic(self) -> Callable[[], float]:
        """The system's monotonic clock."""
        from time import monotonic  # noqa: PLC0415

        return monotonic


class RealLocalCloud:
    """The embedded cloud's functions as documents."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def start(self) -> Mapping[str, object]:
        """Running, and what the aws CLI needs."""
        from semanticworld.local import commands  # noqa: PLC0415

        return _status_document(commands.start(self._environ))

    def stop(self, *, force: bool) -> Mapping[str, object]:
        """Whether there was one to stop."""
        from semanticworld.local import commands  # noqa: PLC0415

        return {"stopped": commands.stop(self._environ, force=force)}

    def status(self) -> Mapping[str, object]:
        """As it is; nothing is started."""
        from semanticworld.local import commands  # noqa: PLC0415

        return _status_document(commands.status(self._environ))

    def reset(self) -> Mapping[str, object]:
        """An empty one."""
        from semanticworld.local import commands  # noqa: PLC0415

        return _status_document(commands.reset(self._environ))

    def advance(self, by: str) -> Mapping[str, object]:
        """Its clock afterwards."""
        from semanticworld.local import commands  # noqa: PLC0415

        moved = commands.advance(self._environ, by)
        return {"cloud_time": moved.cloud_time, "clock_ahead_s": moved.clock_ahead_s}

    def faults(self) -> Mapping[str, object]:
        """Every fault in force."""
        from semanticworld.local import commands  # noqa: PLC0415

        return {"faults": [_fault_document(item) for item in commands.fault_list(self._environ)]}

    def set_fault(self, words: Sequence[str]) -> Mapping[str, object]:
        """The fault now in force."""
        from semanticworld.local import commands  # noqa: PLC0415

        return {"faults": [_fault_document(commands.fault_add(self._environ, words))]}

    def clear_faults(self, number: int | None) -> Mapping[str, object]:
        """How many went."""
        from semanticworld.local import commands  # noqa: PLC0415

        return {"cleared": commands.fault_clear(self._environ, number)}


def _status_document(status: Status) -> Mapping[str, object]:
    return {
        "running": status.running,
        "endpoint_url": status.endpoint_url,
        "environment_variables": status.environment,
        "export_line": status.export_line,
        "pid": status.pid,
        "started_at": status.started_at,
        "uptime_s": status.uptime_s,
        "cloud_time": status.cloud_time,
        "clock_ahead_s": status.clock_ahead_s,
        "counts": status.counts,
        "faults": status.faults,
        "problems": list(status.problems) or None,
        "state_folder": status.state_folder,
        "state_bytes": status.state_bytes,
        "log": status.log,
    }


def _fault_document(item: FaultInForce) -> Mapping[str, object]:
    from semanticworld.local.fault import to_json  # noqa: PLC0415

    return {"number": item.number, **to_json(item.fault), "left": item.left, "struck": item.struck}
