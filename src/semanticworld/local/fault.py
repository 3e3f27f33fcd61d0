"""What can be made to go wrong in the embedded cloud: frozen values, their words on the command line, and JSON."""

from __future__ import annotations

from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, ClassVar, Literal, TypeAlias, assert_never, get_args

Action: TypeAlias = Literal["create", "update", "delete", "rollback"]
"""Steps of a resource; rollback is the way back of a changed one, which a fault of its update leaves alone."""
ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which calls are meant: a service by its signing name and an operation by AWS's name; None means every one."""

    service: str | None = None
    operation: str | None = None

    def __str__(self) -> str:
        """As written on the command line: `ec2:RunInstances`, `ec2`, `RunInstances`, `every call`."""
        return ":".join(name for name in (self.service, self.operation) if name) or "every call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Calls take longer by a time drawn evenly between the two bounds."""

    kind: ClassVar[str] = "latency"
    where: Where = Where()
    min_s: float
    max_s: float
    times: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """A share of the calls (0..1) is answered with the service's own throttling error, unexecuted."""

    kind: ClassVar[str] = "throttle"
    where: Where = Where()
    share: float
    times: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """InsufficientInstanceCapacity for an instance type (None: any) in a zone (None: all of them)."""

    kind: ClassVar[str] = "capacity"
    instance_type: str | None
    zone: str | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingResource:
    """A resource of a stack, by logical id or type, fails when it is created, updated, deleted or changed back."""

    kind: ClassVar[str] = "resource"
    resource: str
    action: Action = "create"
    reason: str = (
        'Resource handler returned message: "ordered by local fault" (HandlerErrorCode: GeneralServiceException)'
    )
    times: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowResource:
    """A resource of a stack, by logical id or type, takes `delay_s` longer to be created, updated, deleted or changed back."""

    kind: ClassVar[str] = "slow"
    resource: str
    delay_s: float
    action: Action = "create"
    times: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LostAnswer:
    """The call is executed and the connection cut before its answer."""

    kind: ClassVar[str] = "lost-answer"
    where: Where
    times: int | None = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceError:
    """The call is answered with this error, unexecuted."""

    kind: ClassVar[str] = "error"
    where: Where
    code: str
    status: int = 400
    message: str = "ordered by local fault"
    times: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiredToken:
    """Calls are answered as if the caller's session had expired, unexecuted."""

    kind: ClassVar[str] = "expired-token"
    where: Where = Where()
    times: int | None = None


Fault: TypeAlias = (
    Latency | Throttle | Capacity | FailingResource | SlowResource | LostAnswer | ServiceError | ExpiredToken
)

KINDS: dict[str, type[Fault]] = {kind.kind: kind for kind in get_args(Fault)}


def describe(fault: Fault) -> str:  # noqa: PLR0911 - one line for each kind
    """What happens, in one line for people."""
    match fault:
        case Latency(where=where, min_s=least, max_s=most):
            span = f"{least * 1000:g} ms" if least == most else f"{least * 1000:g} to {most * 1000:g} ms"
            return f"{where} takes {span} longer"
        case Throttle(where=where, share=share):
            return f"{where} is throttled, {share:.0%} of the time"
        case Capacity(instance_type=instance_type, zone=zone):
            return f"no capacity for {instance_type or 'any instance type'} in {zone or 'any zone'}"
        case FailingResource(resource=resource, action=action, reason=reason):
            return f"{action} of {resource} fails: {reason}"
        case SlowResource(resource=resource, action=action, delay_s=delay_s):
            return f"{action} of {resource} takes {delay_s:g} s longer"
        case LostAnswer(where=where):
            return f"{where} is executed and its answer lost"
        case ServiceError(where=where, code=code, status=status):
            return f"{where} answers {code} (HTTP {status})"
        case ExpiredToken(where=where):
            return f"{where} answers that the session has expired"
    assert_never(fault)


def to_json(fault: Fault) -> dict[str, Any]:
    """The fault as plain values."""
    return {"kind": fault.kind, **asdict(fault)}


def from_json(values: dict[str, Any]) -> Fault:
    """The fault that `to_json` described.

    Raises:
        ValueError: it is none.

    """
    try:
        kind = KINDS[values["kind"]]
        given = {key: value for key, value in values.items() if key != "kind"}
        if isinstance(given.get("where"), dict):
            given["where"] = Where(**given["where"])
        known = {field.name for field in fields(kind)}
        required = {field.name for field in fields(kind) if field.default is MISSING}
        if given.keys() - known or required - given.keys():
            raise ValueError(f"{values['kind']} takes {sorted(known)}")
        return kind(**given)
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"no fault: {wrong}") from wrong
