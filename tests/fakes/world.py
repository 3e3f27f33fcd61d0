"""Every port in memory, wired into a World."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from fakes.clock import FakeClock
from fakes.stacks import FakeStacks
from semanticworld.errors import Refused
from semanticworld.model.environment import Environment, EnvironmentName, Layer
from semanticworld.model.event import Event
from semanticworld.model.leftover import Existence, Found
from semanticworld.model.node import Identity, InstanceType, Node, Subnet
from semanticworld.model.operation import JournalEntry
from semanticworld.model.question import Question
from semanticworld.model.request import LayerSource
from semanticworld.model.stack import StackResource
from semanticworld.ports import World

T = TypeVar("T")
DEV = Environment(name=EnvironmentName.DEV, owner="ml-team")
PROD = Environment(name=EnvironmentName.PROD, owner="ml-team")
ZONES = {"private-1": "eu-central-1a", "private-2": "eu-central-1b"}


class FakeNodes:
    """EC2: instances are the things of type AWS::EC2::Instance that the fake stacks have made."""

    def __init__(self, stacks: FakeStacks) -> None:
        self.stacks = stacks
        self.newest_image = "ami-00000001"
        self.offering = frozenset(ZONES.values())
        self.state_of: dict[str, str] = {}
        self.free_addresses = {"subnet-1": 100, "subnet-2": 100}
        self.root_gib: dict[str, int] = {}
        self.terminated: list[str] = []
        self.types = {"t3.medium": 4096, "g4dn.xlarge": 16384, "g5.xlarge": 16384}
        self.protected: set[str] = set()

    def describe(self, instance_id: str) -> Node | None:
        thing = self.stacks.things.get(instance_id)
        if thing is None:
            return None
        state = "terminated" if thing.existence is Existence.GONE else self.state_of.get(instance_id, "running")
        return Node(instance_id=instance_id, instance_type="t3.medium", state=state, private_ip="10.20.0.10")

    def of_environment(self, environment: Environment) -> tuple[Node, ...]:
        self.stacks.on_read()
        tags = self.stacks.thing_tags
        nodes = [
            self.describe(thing.id)
            for thing in self.stacks.things.values()
            if thing.type == "AWS::EC2::Instance" and tags[thing.id].get("Environment") == environment.name
        ]
        return tuple(node for node in nodes if node is not None and node.state != "terminated")

    def terminate(self, instance_id: str) -> None:
        self.terminated.append(instance_id)

    def set_termination_protection(self, instance_id: str, *, enabled: bool) -> None:
        (self.protected.add if enabled else self.protected.discard)(instance_id)

    def instance_type(self, name: str) -> InstanceType | None:
        memory = self.types.get(name)
        return None if memory is None else InstanceType(name=name, architecture="x86_64", vcpus=4, memory_mib=memory)

    def zones_offering(self, instance_type: str) -> frozenset[str]:
        return self.offering if instance_type in self.types else frozenset()

    def subnets(self, subnet_ids: Sequence[str]) -> tuple[Subnet, ...]:
        return tuple(
            Subnet(
                id=each,
                vpc_id="vpc-1",
                availability_zone=ZONES[f"private-{each[-1]}"],
                cidr="10.20.0.0/20",
                free_addresses=self.free_addresses[each],
                maps_public_ip=False,
            )
            for each in subnet_ids
        )

    def image(self, choice: str, *, architecture: str) -> str:
        del architecture
        return choice if choice.startswith("ami-") else self.newest_image

    def image_root_gib(self, image_id: str) -> int | None:
        return self.root_gib.get(image_id)

    def image_exists(self, image_id: str) -> bool:
        return image_id != "ami-deadbeef"


class FakeInventory:
    """What stands: the things of the fake stacks, and buckets with their keys."""

    def __init__(self, stacks: FakeStacks) -> None:
        self.stacks = stacks
        self.foreign_keys: dict[str, list[str]] = {}
        self.emptied: list[str] = []
        self.listings_lag = 0

    def look_up(self, resources: Sequence[StackResource]) -> tuple[Found, ...]:
        living = {each.id: each for environment in (DEV, PROD) for each in self.by_name(environment)}
        return tuple(
            living.get(each.physical_id)
            or self.stacks.things.get(
                each.physical_id, Found(type=each.type, id=each.physical_id, existence=Existence.GONE)
            )
            for each in resources
            if each.physical_id is not None
        )

    def by_tag(self, environment: Environment) -> tuple[Found, ...]:
        tags = self.stacks.thing_tags
        lagging = self.listings_lag > 0
        self.listings_lag -= 1
        return tuple(
            replace(thing, existence=Existence.PRESENT)
            for thing in self.stacks.things.values()
            if tags[thing.id].get("Environment") == environment.name
            and (lagging or thing.existence is not Existence.GONE)
        )

    def by_name(self, environment: Environment) -> tuple[Found, ...]:
        return tuple(
            Found(type="AWS::CloudFormation::Stack", id=held.stack.id)
            for held in self.stacks.held.values()
            if held.stack.name.startswith(environment.prefix) and held.stack.status != "DELETE_COMPLETE"
        )

    def bucket(self, name: str) -> tuple[int, Sequence[str]]:
        keys = self.foreign_keys.get(name, [])
        return len(keys) + 1, keys

    def empty_bucket(self, name: str) -> None:
        self.emptied.append(name)
        self.foreign_keys.pop(name, None)

    def delete_bucket(self, name: str) -> None:
        self.stacks.things[name] = replace(self.stacks.things[name], existence=Existence.GONE)

    def delete_found(self, found: Found) -> None:
        self.stacks.things[found.id] = replace(self.stacks.things[found.id], existence=Existence.GONE)


class FakeCaller:
    def identity(self) -> Identity:
        return Identity(account="123456789012", arn="arn:aws:iam::123456789012:user/me", region="eu-central-1")


class FakeJournal:
    def __init__(self) -> None:
        self.lines: list[JournalEntry] = []

    def append(self, entry: JournalEntry) -> None:
        self.lines.append(entry)

    def entries(self, environment: str | None) -> tuple[JournalEntry, ...]:
        return tuple(entry for entry in self.lines if environment in {None, entry.environment})

    @property
    def steps(self) -> list[str]:
        return [entry.step for entry in self.lines]


class FakeConsent:
    """Answers from a list (then yes); `nobody` refuses as a command without a terminal does."""

    def __init__(self, *, nobody: bool = False) -> None:
        self.asked: list[Question] = []
        self.no_to: set[str] = set()
        self.nobody = nobody

    def ask(self, question: Question) -> bool:
        self.asked.append(question)
        if self.nobody:
            raise Refused("nothing was changed", why="nobody can be asked", hint="say --yes", code="CFG092")
        return not any(words in question.text for words in self.no_to)


class FakeTokens:
    def __init__(self) -> None:
        self.count = 0

    def operation_id(self) -> str:
        self.count += 1
        return f"operation{self.count}"


@dataclass(slots=True)
class Stage:
    """A world and everything in it within reach."""

    clock: FakeClock = field(default_factory=FakeClock)
    local: bool = False

    def __post_init__(self) -> None:
        self.stacks = FakeStacks(self.clock)
        self.nodes = FakeNodes(self.stacks)
        self.inventory = FakeInventory(self.stacks)
        self.journal = FakeJournal()
        self.consent = FakeConsent()
        self.tokens = FakeTokens()

    stacks: FakeStacks = field(init=False)
    nodes: FakeNodes = field(init=False)
    inventory: FakeInventory = field(init=False)
    journal: FakeJournal = field(init=False)
    consent: FakeConsent = field(init=False)
    tokens: FakeTokens = field(init=False)

    @property
    def world(self) -> World:
        return World(
            stacks=self.stacks,
            nodes=self.nodes,
            inventory=self.inventory,
            caller=FakeCaller(),
            journal=self.journal,
            clock=self.clock,
            consent=self.consent,
            tokens=self.tokens,
            local=self.local,
        )

    def status(self, layer: Layer = Layer.COMPUTE, environment: Environment = DEV) -> str | None:
        stack = self.stacks.describe(environment.stack_name(layer))
        return stack.status if stack else None


def run(work: Generator[Event, None, T]) -> tuple[T, list[Event]]:
    """The result and every event on the way."""
    events: list[Event] = []
    while True:
        try:
            events.append(next(work))
        except StopIteration as end:
            return end.value, events


def networking_template(environment: Environment = DEV, *, without: tuple[str, ...] = ()) -> str:
    values = {
        "vpc-id": "vpc-1",
        "vpc-cidr": "10.20.0.0/16",
        "public-subnet-1-id": "subnet-p1",
        "public-subnet-2-id": "subnet-p2",
        "private-subnet-1-id": "subnet-1",
        "private-subnet-2-id": "subnet-2",
        "public-subnet-ids": "subnet-p1,subnet-p2",
        "private-subnet-ids": "subnet-1,subnet-2",
        "default-sg-id": "sg-1",
        "igw-id": "igw-1",
        "public-subnet-1-az": ZONES["private-1"],
        "public-subnet-2-az": ZONES["private-2"],
    }
    return json.dumps(
        {
            "Resources": {"Vpc": {"Type": "AWS::EC2::VPC"}},
            "Outputs": {
                suffix.title().replace("-", ""): {
                    "Value": value,
                    "Export": {"Name": environment.export_name(suffix)},
                }
                for suffix, value in values.items()
                if suffix not in without
            },
        }
    )


BASE_TEMPLATE = json.dumps(
    {
        "Parameters": {"LogRetentionDays": {"Default": 30}},
        "Resources": {
            "Bucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "RetainExceptOnCreate"},
            "NodeRole": {"Type": "AWS::IAM::Role"},
            "LogGroup": {"Type": "AWS::Logs::LogGroup", "Properties": {"Retention": {"Ref": "LogRetentionDays"}}},
        },
        "Imports": [DEV.export_name("vpc-id")],
    }
)
COMPUTE_TEMPLATE = json.dumps(
    {
        "Resources": {
            "DataVolume": {
                "Type": "AWS::EC2::Volume",
                "DeletionPolicy": "Snapshot",
                "Properties": {"Subnet": {"Ref": "Subnet"}, "Size": {"Ref": "DataVolumeSize"}},
            },
            "Instance": {
                "Type": "AWS::EC2::Instance",
                "Properties": {
                    "ImageId": {"Ref": "ImageId"},
                    "InstanceType": {"Ref": "InstanceType"},
                    "Subnet": {"Ref": "Subnet"},
                },
            },
        },
        "Outputs": {"ComputeInstanceId": {"Value": {"Ref": "Instance"}}},
        "Imports": [DEV.export_name("private-subnet-1-id")],
    }
)
COMPUTE_PARAMETERS = {"InstanceType": "t3.medium", "Image": "pytorch", "Subnet": "private-1", "DataVolumeSize": "0"}
COMMON = {"ProjectName", "Environment", "Owner"}


def source(layer: Layer, body: str, **parameters: str) -> LayerSource:
    declared = COMMON | set(parameters) | ({"ImageId"} if layer is Layer.COMPUTE else set())
    return LayerSource(
        layer=layer,
        template_path=f"infrastructure/semanticworld-{layer}.yaml",
        template_body=body,
        template=json.loads(body),
        parameters=parameters,
        parameters_path=f"infrastructure/parameters/{layer}-dev.json",
        declared=frozenset(declared),
    )


def sources(environment: Environment = DEV, **compute: str) -> Mapping[Layer, LayerSource]:
    return {
        Layer.NETWORKING: source(Layer.NETWORKING, networking_template(environment)),
        Layer.BASE: source(Layer.BASE, BASE_TEMPLATE, LogRetentionDays="30"),
        Layer.COMPUTE: source(Layer.COMPUTE, COMPUTE_TEMPLATE, **{**COMPUTE_PARAMETERS, **compute}),
    }
