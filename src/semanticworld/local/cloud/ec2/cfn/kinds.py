"""How a resource type is described here, and how that becomes an entry of ministack's handler table."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import provisioners

from semanticworld.local.cloud import schemas, validation
from semanticworld.local.cloud.ec2.cfn import modelled
from semanticworld.local.cloud.ec2.dispatch import call
from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.world import LOCK, Record, set_tags, store, tags

Props = Record


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which resource of which stack is being made."""

    stack_name: str
    logical_id: str

    def name(self) -> str:
        """A generated physical name, as CloudFormation makes them."""
        return f"{self.stack_name}-{self.logical_id}-{uuid.uuid4().hex[:12]}"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One resource type.

    Attributes:
        create: makes the resource and gives its physical id.
        attributes: what Fn::GetAtt gives, by physical id.
        update: changes it in place; a new physical id when the change turned out to be a replacement.
        delete: takes it away; gone already is success.
        stabilized: whether what was made can be relied on; raises when it failed.
        deleted: whether what was deleted is really gone.
        snapshot: what DeletionPolicy Snapshot calls first.
        on_thread: create, update or delete may wait.
        tags_property: where stack tags are merged in, None when the type has none.

    """

    name: str
    create: Callable[[Props, Place], str]
    attributes: Callable[[str], Record]
    delete: Callable[[str, Props], None]
    update: Callable[[str, Props, Props, Place], str | None] | None = None
    stabilized: Callable[[str, Props], bool] | None = None
    deleted: Callable[[str, Props], bool] | None = None
    snapshot: Callable[[str, Props], object] | None = None
    on_thread: bool = False
    tags_property: str | None = None
    replacing: tuple[str, ...] = ()


KINDS: list[Kind] = []


class ResourceFailure(ValueError):  # noqa: N818 - the report of a failure, not a mistake of ours
    """What a handler reports; the engine adds the words around it."""

    def __init__(self, message: str, handler_error_code: str = "GeneralServiceException") -> None:
        super().__init__(message)
        self.handler_error_code = handler_error_code


# Source: CloudFormation CLI User Guide, Handler error codes, 2026.
_CODES = (
    ("NotFound", "NotFound"),
    ("AlreadyExists", "AlreadyExists"),
    ("Duplicate", "AlreadyExists"),
    ("LimitExceeded", "ServiceLimitExceeded"),
    ("UnauthorizedOperation", "AccessDenied"),
    ("Invalid", "InvalidRequest"),
    ("Missing", "InvalidRequest"),
    ("Unknown", "InvalidRequest"),
)


def failure(error: EC2Error) -> ResourceFailure:
    """EC2's refusal as a resource handler reports it."""
    found = next((code for part, code in _CODES if part in error.code), "GeneralServiceException")
    request_id = uuid.uuid4()
    return ResourceFailure(
        f"{error.message} (Service: Ec2, Status Code: {error.status}, Request ID: {request_id})", found
    )


def not_updatable(name: str, property_name: str) -> ResourceFailure:
    """The refusal of a change that the type does not take."""
    return ResourceFailure(f"Updates to property {property_name} of {name} are not supported.", "NotUpdatable")


def api(operation: str, /, **request: Any) -> Record:  # noqa: ANN401 - members of any shape
    """The answer of one operation; members that are None are left out."""
    return call(operation, **{name: value for name, value in request.items() if value is not None})


def tag_specs(props: Props, kind: str) -> list[Record] | None:
    """A Tags property as TagSpecifications, or None."""
    given = props.get("Tags") or []
    return [{"ResourceType": kind, "Tags": [_tag(tag) for tag in given]}] if given else None


def _tag(tag: Record) -> Record:
    return {"Key": str(tag["Key"]), "Value": str(tag.get("Value", ""))}


def retag(resource_id: str, old: Props, new: Props) -> None:
    """Bring a resource's tags from the old property to the new one; tags from elsewhere stay."""
    before, after = old.get("Tags") or [], new.get("Tags") or []
    if before == after:
        return
    gone = {tag["Key"] for tag in before} - {tag["Key"] for tag in after}
    with LOCK:
        store._tags[resource_id] = [tag for tag in tags(resource_id) if tag["Key"] not in gone]
        set_tags(resource_id, [_tag(tag) for tag in after])


def changed(old: Props, new: Props, *names: str) -> bool:
    """Whether one of the properties differs."""
    return any(old.get(name) != new.get(name) for name in names)


def truth(value: object) -> bool:
    """A template's boolean, which may be a text."""
    return str(value).lower() == "true"


def only_tags(name: str) -> Callable[[str, Props, Props, Place], str | None]:
    """An update for types of which only tags change in place."""

    def update(physical_id: str, old: Props, new: Props, _place: Place) -> None:
        for key in old.keys() | new.keys():
            if key != "Tags" and old.get(key) != new.get(key):
                raise not_updatable(name, key)
        retag(physical_id, old, new)

    return update


def kind(made: Kind) -> Kind:
    """Register a resource type."""
    KINDS.append(made)
    return made


def _check(name: str, logical_id: str, props: Props) -> None:
    """Refuse properties that AWS does not know, and those that this cloud does not model."""
    refusal = validation.refusal(name, logical_id, props)
    if refusal is not None:
        raise ResourceFailure(refusal, "InvalidRequest")
    beyond = sorted(key for key, value in props.items() if value is not None and key not in modelled.PROPERTIES[name])
    if beyond:
        raise ResourceFailure(
            f"The embedded cloud does not model the property {beyond[0]} of {name}.", "InvalidRequest"
        )


def _entry(made: Kind) -> dict[str, Any]:
    def create(logical_id: str, props: Props, stack_name: str) -> tuple[str, Record]:
        _check(made.name, logical_id, props)
        try:
            physical_id = made.create(props, Place(stack_name=stack_name, logical_id=logical_id))
            return physical_id, made.attributes(physical_id)
        except EC2Error as error:
            raise failure(error) from error

    def update(
        physical_id: str, old: Props, new: Props, stack_name: str, logical_id: str | None = None
    ) -> tuple[str, Record]:
        place = Place(stack_name=stack_name, logical_id=logical_id or physical_id)
        _check(made.name, place.logical_id, new)
        try:
            now_id = made.update(physical_id, old, new, place) if made.update else None
            return now_id or physical_id, made.attributes(now_id or physical_id)
        except EC2Error as error:
            raise failure(error) from error

    def delete(physical_id: str, props: Props) -> None:
        try:
            made.delete(physical_id, props)
        except EC2Error as error:
            if "NotFound" not in error.code:
                raise failure(error) from error

    entry: dict[str, Any] = {"create": create, "update": update, "update_with_logical_id": True, "delete": delete}
    hooks = {name: getattr(made, name) for name in ("stabilized", "deleted", "snapshot", "on_thread")}
    return {**entry, **{name: hook for name, hook in hooks.items() if hook}}


def install_kinds() -> None:
    """Put every registered type into ministack's tables."""
    for made in KINDS:
        provisioners._RESOURCE_HANDLERS[made.name] = _entry(made)
        create_only = schemas.create_only(made.name) | set(made.replacing)
        provisioners._REPLACING_PROPERTIES[made.name] = tuple(sorted(create_only))
        if made.tags_property:
            provisioners._STACK_TAG_PROPERTY[made.name] = (made.tags_property, "list")
