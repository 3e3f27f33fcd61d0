"""What the use cases need of the world. The comments are the contract: every adapter and every fake keeps them.

All methods may raise `errors.AwsError` (AWS said no), `errors.Refused` with code LIF9xx for missing or expired
credentials and an unreachable network, and nothing else. Throttling and passing faults are retried inside the adapter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from semanticworld.model.change import ChangeSet, ChangeSetRequest
from semanticworld.model.environment import Environment
from semanticworld.model.leftover import Found
from semanticworld.model.node import Identity, InstanceType, Node, Subnet
from semanticworld.model.operation import JournalEntry
from semanticworld.model.question import Question
from semanticworld.model.spoken import NOTHING_SAID, Spoken
from semanticworld.model.stack import Export, Stack, StackEvent, StackResource


class Stacks(Protocol):
    """CloudFormation. Names find living stacks only; ids find deleted ones too."""

    def describe(self, name_or_id: str) -> Stack | None:
        """The stack, or None when there is none; by id a deleted one comes back as DELETE_COMPLETE."""

    def exports(self) -> Mapping[str, Export]:
        """Every export of the account in this region, by name (paged to the end)."""

    def importers(self, export_name: str) -> tuple[str, ...]:
        """The names of the stacks that import it; empty when there are none."""

    def create_change_set(self, request: ChangeSetRequest) -> ChangeSet:
        """The change set just asked for, its status still open; the same token asks once, however often it is sent."""

    def describe_change_set(self, change_set_id: str) -> ChangeSet:
        """The change set with all its changes (paged to the end)."""

    def execute_change_set(self, change_set_id: str, *, token: str) -> None:
        """Starts it; failures roll back (DisableRollback is always passed as false)."""

    def delete_change_set(self, change_set_id: str) -> None:
        """Removes it; a missing one is no error."""

    def delete(self, stack_id: str, *, token: str, retain: Sequence[str] = (), force: bool = False) -> None:
        """Starts the deletion; `retain` (logical ids) and `force` (FORCE_DELETE_STACK) only from DELETE_FAILED."""

    def events(self, stack_id: str, *, after: str | None) -> tuple[StackEvent, ...]:
        """Events newer than the one with id `after`, oldest first; None reads the whole history."""

    def recent_events(self, stack_id: str, *, limit: int) -> tuple[StackEvent, ...]:
        """The newest events, newest first, in one call."""

    def resources(self, stack_id: str) -> tuple[StackResource, ...]:
        """Every resource of the stack, deleted ones included."""

    def template(self, stack_id: str) -> str:
        """The template body as it was submitted."""

    def continue_update_rollback(self, stack_id: str, *, token: str, skip: Sequence[str] = ()) -> None:
        """Starts it; `skip` (logical ids) are given up and differ from the template afterwards."""

    def rollback(self, stack_id: str, *, token: str) -> None:
        """Starts RollbackStack (from CREATE_FAILED or UPDATE_FAILED)."""

    def set_termination_protection(self, stack_id: str, *, enabled: bool) -> None:
        """Switches the stack's own termination protection."""

    def validate_template(self, body: str) -> None:
        """Returns when CloudFormation accepts the template's form; raises AwsError with its words when not."""


class Nodes(Protocol):
    """EC2, as far as the node goes."""

    def describe(self, instance_id: str) -> Node | None:
        """The instance, terminated ones included while EC2 still shows them; None when it is unknown."""

    def of_environment(self, environment: Environment) -> tuple[Node, ...]:
        """Every instance that carries the environment's tags and is not terminated."""

    def terminate(self, instance_id: str) -> None:
        """Asks EC2 to terminate it; an unknown or terminated one is no error."""

    def set_termination_protection(self, instance_id: str, *, enabled: bool) -> None:
        """Switches the instance's own termination protection (disableApiTermination)."""

    def instance_type(self, name: str) -> InstanceType | None:
        """The hardware, or None when the region does not know the type."""

    def zones_offering(self, instance_type: str) -> frozenset[str]:
        """The names of the availability zones in this region that offer the type."""

    def subnets(self, subnet_ids: Sequence[str]) -> tuple[Subnet, ...]:
        """The subnets that exist among the ids."""

    def image(self, choice: str, *, architecture: str) -> str:
        """The image id for pytorch or base (newest public Deep Learning AMI on Ubuntu 24.04); an ami id comes back as it is.

        Raises Refused (LIF05x) when there is none for the architecture in this region.
        """

    def image_root_gib(self, image_id: str) -> int | None:
        """The least size in GiB that a root volume made from the image can have; None when it cannot be told."""

    def image_exists(self, image_id: str) -> bool:
        """Whether this account can see the image in this region."""


class Inventory(Protocol):
    """What really stands at AWS, whatever CloudFormation says."""

    def look_up(self, resources: Sequence[StackResource]) -> tuple[Found, ...]:
        """One answer per resource with a physical id, in order, each by its own service's call."""

    def by_tag(self, environment: Environment) -> tuple[Found, ...]:
        """Everything that carries the environment's Project and Environment tags, terminated instances left out."""

    def by_name(self, environment: Environment) -> tuple[Found, ...]:
        """Untaggable and name-keyed things whose names start with the environment's prefix."""

    def bucket(self, name: str) -> tuple[int, Sequence[str]]:
        """How many object versions the bucket holds in all, and the keys (up to 20) that are not our own artifacts."""

    def empty_bucket(self, name: str) -> None:
        """Deletes every object version, delete marker and incomplete upload in the bucket; a missing bucket is no error."""

    def delete_bucket(self, name: str) -> None:
        """Deletes an empty bucket; a missing one is no error."""

    def delete_found(self, found: Found) -> None:
        """Deletes one leftover by its own service's call; raises Refused for types it must not touch."""


class Caller(Protocol):
    """Who is asking."""

    def identity(self) -> Identity:
        """Account, ARN and region (one call, remembered)."""


class Journal(Protocol):
    """The operations journal: a local file, a hint and a record, never the truth."""

    def append(self, entry: JournalEntry) -> None:
        """On disk (fsync) when this returns."""

    def entries(self, environment: str | None) -> tuple[JournalEntry, ...]:
        """Entries of one environment (None: of all), oldest first; a broken line is skipped."""


class Clock(Protocol):
    """Time, as an argument."""

    def now(self) -> datetime:
        """The time of day, aware, UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back."""

    def sleep(self, seconds: float) -> None:
        """Waits."""


class Consent(Protocol):
    """The user's yes."""

    def ask(self, question: Question) -> bool:
        """True for yes. Raises Refused when nobody can be asked (no terminal and no --yes)."""


class Tokens(Protocol):
    """Randomness, as an argument."""

    def operation_id(self) -> str:
        """A new operation's id: 8 lower-case letters and digits or more, fit for a ClientRequestToken's middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Every port, wired."""

    stacks: Stacks
    nodes: Nodes
    inventory: Inventory
    caller: Caller
    journal: Journal
    clock: Clock
    consent: Consent
    tokens: Tokens
    local: bool = False
    spoken: Spoken = NOTHING_SAID
