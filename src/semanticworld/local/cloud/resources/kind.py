"""One resource type of CloudFormation, in the four steps that a handler takes, and how the stack engine is given it."""

from __future__ import annotations

import abc
import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from botocore.exceptions import ClientError, ParamValidationError
from ministack.core.responses import new_uuid
from ministack.services import cloudformation as stacks
from ministack.services.cloudformation import provisioners

from semanticworld.local.cloud import schemas, validation
from semanticworld.local.cloud.resources import failures

__all__ = ["Kind", "Properties", "Wanted", "install", "spoken"]

Properties: TypeAlias = Mapping[str, Any]
Attributes: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a template asks for: the name (given, or made by CloudFormation) and the properties."""

    name: str
    properties: Properties
    logical_id: str
    stack_name: str


class Kind(abc.ABC):
    """A resource type: ``make`` is the one call that creates, ``settle`` brings everything else to what is wanted.

    On create: make, settle(old={}), attributes; a failure after make removes what was made. On update in place: settle,
    attributes. On delete: remove; "no such thing" is success. Replacement is the engine's: make the new, remove the old.
    """

    resource_type: ClassVar[str]
    service: ClassVar[str]
    name_property: ClassVar[str | None] = None
    name_limit: ClassVar[int] = 128
    lower_case: ClassVar[bool] = False

    def name_of(self, properties: Properties) -> str | None:
        """The physical name that the template gives, or None when CloudFormation is to make one."""
        given = properties.get(self.name_property) if self.name_property else None
        return str(given) if given else None

    def identity_of(self, properties: Properties) -> str | None:
        """What no two of the type may share, as far as the template gives it; None when CloudFormation makes it."""
        return self.name_of(properties)

    @abc.abstractmethod
    def make(self, wanted: Wanted) -> str:
        """The physical id (what Ref gives) of the thing just created."""

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """Bring what exists from the old properties to the new ones, in place; a type of which nothing can change does nothing."""
        del identifier, old, new

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """What Fn::GetAtt gives, read back from the service."""
        del identifier, properties
        return {}

    @abc.abstractmethod
    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete it, with the properties it had."""

    def replaced_by(self, identifier: str, old: Properties, new: Properties) -> bool:
        """Whether this change needs a new resource although no top-level create-only property changed."""
        del identifier, old, new
        return False


@contextlib.contextmanager
def spoken(service: str) -> Iterator[None]:
    """Turns the service's refusals into reasons as CloudFormation writes them."""
    try:
        yield
    except ClientError as error:
        raise failures.from_client(error, service) from error
    except ParamValidationError as error:
        raise failures.from_parameters(error) from error


def _owner(resource_type: str, name: str, asking_stack: str) -> str | None:
    """The ARN of the stack that has the thing of that name, the name alone when it is the stack that asks; None: nobody."""
    for stack in stacks._stacks.values():
        if stack.get("StackStatus") == "DELETE_COMPLETE":
            continue
        for resource in (stack.get("_resources") or {}).values():
            identifier = str(resource.get("PhysicalResourceId"))
            if resource.get("ResourceType") == resource_type and name in {identifier, re.split("[:/]", identifier)[-1]}:
                same = stack.get("StackName") == asking_stack
                return asking_stack if same else str(stack.get("StackId"))
    return None


class _Handler:
    """The stack engine's side of a kind: plain functions over (logical id, properties, stack name)."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def entry(self) -> dict[str, Any]:
        """The record that the engine's table of handlers holds."""
        return {
            "create": self.create,
            "update": self.update,
            "update_with_logical_id": True,
            "delete": self.delete,
        }

    def _checked(self, logical_id: str, properties: Properties) -> None:
        refusal = validation.refusal(self._kind.resource_type, logical_id, properties)
        if refusal is not None:
            raise ValueError(refusal)

    def _named(self, logical_id: str, properties: Properties, stack_name: str) -> str:
        given = self._kind.name_of(properties)
        if given is not None:
            return given
        if not provisioners._NAME_SEED.get():
            # A new stack instance gets new names; the seed stays on the resource's record, so updates keep them.
            provisioners._NAME_SEED.set(new_uuid()[:8])
        return str(
            provisioners._physical_name(
                stack_name, logical_id, max_len=self._kind.name_limit, lowercase=self._kind.lower_case
            )
        )

    def _made(self, wanted: Wanted) -> str:
        kind = self._kind
        try:
            return kind.make(wanted)
        except ClientError as error:
            refusal = failures.from_client(error, kind.service)
            if refusal.code != "AlreadyExists":
                raise refusal from error
            raise self._taken(wanted) from error
        except failures.HandlerError as error:
            if error.code == "AlreadyExists":
                raise self._taken(wanted) from error
            raise

    def _taken(self, wanted: Wanted) -> Exception:
        kind = self._kind
        names = {wanted.name, str(wanted.properties.get(kind.name_property or "", wanted.name))}
        for name in names:
            owner = _owner(kind.resource_type, name, wanted.stack_name)
            if owner == wanted.stack_name:
                # Only a replacement meets its own predecessor.
                return failures.custom_named(name)
            if owner is not None:
                return failures.already_exists(kind.resource_type, name, owner)
        return failures.already_exists(kind.resource_type, wanted.name)

    def create(self, logical_id: str, properties: Properties, stack_name: str) -> tuple[str, Attributes]:
        """Physical id and attributes of a new resource; nothing is left of one that fails half way."""
        kind = self._kind
        self._checked(logical_id, properties)
        name = self._named(logical_id, properties, stack_name)
        wanted = Wanted(name=name, properties=properties, logical_id=logical_id, stack_name=stack_name)
        with spoken(kind.service):
            identifier = self._made(wanted)
            try:
                kind.settle(identifier, {}, properties)
                return identifier, kind.attributes(identifier, properties)
            except Exception:
                # The first failure is the reason that people must see, not one of the cleaning up.
                with contextlib.suppress(Exception):
                    kind.remove(identifier, properties)
                raise

    def update(
        self, identifier: str, old: Properties, new: Properties, stack_name: str, logical_id: str | None = None
    ) -> tuple[str, Attributes]:
        """Physical id and attributes after the change; another id means that the resource was replaced."""
        kind = self._kind
        self._checked(logical_id or identifier, new)
        if kind.replaced_by(identifier, old, new):
            provisioners._NAME_SEED.set(new_uuid()[:8])
            created = self.create(logical_id or identifier, new, stack_name)
            provisioners._delete_predecessor(self.delete, identifier, old)
            return created
        with spoken(kind.service):
            kind.settle(identifier, old, new)
            return identifier, kind.attributes(identifier, new)

    def delete(self, identifier: str, properties: Properties) -> None:
        """Nothing, when the resource is gone (also when it was gone before)."""
        try:
            self._kind.remove(identifier, properties or {})
        except ClientError as error:
            if not failures.is_missing(error):
                raise failures.from_client(error, self._kind.service) from error


def _refusing_twins(kinds: Mapping[str, Kind], otherwise: Callable[..., str | None]) -> Callable[..., str | None]:
    def refusal(resource_type: str, old: Properties, new: Properties, physical_id: str | None = None) -> str | None:
        kind = kinds.get(resource_type)
        if kind is None:
            return otherwise(resource_type, old, new, physical_id)
        name = kind.identity_of(new)
        if name is None or name != kind.identity_of(old):
            return None
        if not provisioners._replacing_change(resource_type, old, new) and not kind.replaced_by(name, old, new):
            return None
        words = provisioners._CUSTOM_NAME_REPLACEMENT.get(resource_type, {}).get("exists")
        return str(words.format(name=name) if words else failures.custom_named(physical_id or name))

    return refusal


def install(*kinds: Kind) -> None:
    """Give the engine the kinds, with the replacement and tag rules that the registry has for them."""
    for kind in kinds:
        name = kind.resource_type
        provisioners._RESOURCE_HANDLERS[name] = {
            **{
                key: value
                for key, value in provisioners._RESOURCE_HANDLERS.get(name, {}).items()
                if key in {"import", "snapshot"}
            },
            **_Handler(kind).entry(),
        }
        provisioners._REPLACING_PROPERTIES[name] = tuple(sorted(schemas.create_only(name)))
        conditional = tuple(sorted(schemas.conditional_create_only(name)))
        if conditional:
            provisioners._CONDITIONALLY_REPLACING_PROPERTIES[name] = conditional
        tag_property = schemas.taggable(name)
        if tag_property is not None:
            tag_type = schemas.schema(name)["properties"][tag_property].get("type", "array")
            provisioners._STACK_TAG_PROPERTY[name] = (tag_property, "map" if tag_type == "object" else "list")
    # A custom-named thing cannot stand twice: AWS refuses to replace it under its own name.
    provisioners._custom_named_replacement_error = _refusing_twins(
        {kind.resource_type: kind for kind in kinds}, provisioners._custom_named_replacement_error
    )
