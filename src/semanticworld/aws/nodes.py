"""EC2 behind the Nodes port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from semanticworld.aws import codes
from semanticworld.aws.calls import Calls, answered
from semanticworld.aws.images import Images
from semanticworld.aws.session import without_collection
from semanticworld.errors import AwsError
from semanticworld.model.environment import Environment
from semanticworld.model.node import InstanceType, Node, Subnet

_SERVICE = "ec2"
_PAGE = 1000
"""The most that DescribeInstances gives at a time. Source: EC2 API Reference, DescribeInstances, MaxResults."""
_LIVING = ("pending", "running", "stopping", "stopped", "shutting-down")


class Ec2Nodes:
    """Instances in one region of one account."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._images = Images(calls)

    def describe(self, instance_id: str) -> Node | None:
        """The instance, terminated ones included while EC2 still shows them; None when it is unknown."""
        try:
            answer = self._calls.call(_SERVICE, "DescribeInstances", InstanceIds=[instance_id])
        except AwsError as error:
            if answered(error, codes.MISSING_INSTANCE):
                return None
            raise
        nodes = _nodes(answer)
        return nodes[0] if nodes else None

    def of_environment(self, environment: Environment) -> tuple[Node, ...]:
        """Every instance that carries the environment's tags and is not terminated."""
        return self._listed(
            [
                {"Name": "tag:Project", "Values": [environment.project]},
                {"Name": "tag:Environment", "Values": [environment.name.value]},
                {"Name": "instance-state-name", "Values": list(_LIVING)},
            ]
        )

    def _listed(self, filters: Sequence[Mapping[str, object]]) -> tuple[Node, ...]:
        with without_collection():
            return tuple(
                node
                for page in self._calls.pages(_SERVICE, "DescribeInstances", Filters=filters, MaxResults=_PAGE)
                for node in _nodes(page)
            )

    def terminate(self, instance_id: str) -> None:
        """Asks EC2 to terminate it; an unknown or terminated one is no error."""
        try:
            self._calls.call(_SERVICE, "TerminateInstances", InstanceIds=[instance_id])
        except AwsError as error:
            if not answered(error, codes.MISSING_INSTANCE):
                raise

    def set_termination_protection(self, instance_id: str, *, enabled: bool) -> None:
        """Switches the instance's own termination protection."""
        self._calls.call(
            _SERVICE, "ModifyInstanceAttribute", InstanceId=instance_id, DisableApiTermination={"Value": enabled}
        )

    def instance_type(self, name: str) -> InstanceType | None:
        """The hardware, or None when the region does not know the type."""
        try:
            answer = self._calls.call(_SERVICE, "DescribeInstanceTypes", InstanceTypes=[name])
        except AwsError as error:
            if answered(error, codes.UNKNOWN_INSTANCE_TYPE):
                return None
            raise
        types = answer.get("InstanceTypes", ())
        return _instance_type(types[0]) if types else None

    def zones_offering(self, instance_type: str) -> frozenset[str]:
        """The names of the availability zones in this region that offer the type."""
        return frozenset(
            told["Location"]
            for told in self._calls.items(
                _SERVICE,
                "DescribeInstanceTypeOfferings",
                "InstanceTypeOfferings",
                LocationType="availability-zone",
                Filters=[{"Name": "instance-type", "Values": [instance_type]}],
            )
        )

    def subnets(self, subnet_ids: Sequence[str]) -> tuple[Subnet, ...]:
        """The subnets that exist among the ids (asked for by filter: an unknown id is no error then)."""
        if not subnet_ids:
            return ()
        return tuple(
            _subnet(told)
            for told in self._calls.items(
                _SERVICE, "DescribeSubnets", "Subnets", Filters=[{"Name": "subnet-id", "Values": list(subnet_ids)}]
            )
        )

    def image(self, choice: str, *, architecture: str) -> str:
        """The image id for pytorch or base; an ami id comes back as it is."""
        return self._images.find(choice, architecture=architecture)

    def image_root_gib(self, image_id: str) -> int | None:
        """The size in GiB of the image's own root snapshot; None when the image has none, or is unknown."""
        return self._images.root_gib(image_id)

    def image_exists(self, image_id: str) -> bool:
        """Whether this account can see the image in this region."""
        return self._images.exists(image_id)


def _nodes(answer: Mapping[str, Any]) -> list[Node]:
    return [_node(told) for reservation in answer.get("Reservations", ()) for told in reservation.get("Instances", ())]


def _node(told: Mapping[str, Any]) -> Node:
    reason = told.get("StateReason")
    return Node(
        instance_id=told["InstanceId"],
        instance_type=told.get("InstanceType", ""),
        state=told["State"]["Name"],
        state_reason=reason.get("Message") or reason.get("Code") if reason else None,
        private_ip=told.get("PrivateIpAddress") or None,
        public_ip=told.get("PublicIpAddress") or None,
        subnet_id=told.get("SubnetId") or None,
        availability_zone=told.get("Placement", {}).get("AvailabilityZone"),
        image_id=told.get("ImageId"),
        launched_at=told.get("LaunchTime"),
        tags={tag["Key"]: tag["Value"] for tag in told.get("Tags", ())},
    )


def _instance_type(told: Mapping[str, Any]) -> InstanceType:
    gpu = told.get("GpuInfo", {})
    gpus = gpu.get("Gpus", ())
    return InstanceType(
        name=told["InstanceType"],
        architecture=_architecture(told.get("ProcessorInfo", {}).get("SupportedArchitectures", ())),
        vcpus=int(told["VCpuInfo"]["DefaultVCpus"]),
        memory_mib=int(told["MemoryInfo"]["SizeInMiB"]),
        gpu_model=" ".join(filter(None, (gpus[0].get("Manufacturer"), gpus[0].get("Name")))) if gpus else None,
        gpu_count=sum(int(each.get("Count", 0)) for each in gpus),
        gpu_memory_mib=int(gpu.get("TotalGpuMemoryInMiB", 0)),
    )


def _architecture(supported: Sequence[str]) -> str:
    """arm64 or x86_64: the one of the two that the type boots; x86_64 types may list i386 first."""
    return "arm64" if "arm64" in supported else "x86_64"


def _subnet(told: Mapping[str, Any]) -> Subnet:
    return Subnet(
        id=told["SubnetId"],
        vpc_id=told["VpcId"],
        availability_zone=told["AvailabilityZone"],
        cidr=told["CidrBlock"],
        free_addresses=int(told["AvailableIpAddressCount"]),
        maps_public_ip=bool(told.get("MapPublicIpOnLaunch", False)),
    )
