"""What a networking layer costs while it stands: the parts that bill by the hour, and null when one is not known."""

from __future__ import annotations

from decimal import Decimal

import pytest

from semanticworld.core.commands import Subject
from semanticworld.core.removal_plan import kept_networking
from semanticworld.model.environment import Environment, EnvironmentName, Layer
from semanticworld.model.stack import Stack, StackResource

DEV = Environment(name=EnvironmentName.DEV)
PLAIN = {"VPC": "VPC", "S3Endpoint": "VPCEndpoint", "FlowLog": "FlowLog", "PublicSubnet1": "Subnet"}
NAT = {"NatGateway1": "NatGateway", "NatEip1": "EIP"}
ENDPOINTS = {"SsmEndpoint": "VPCEndpoint", "SsmMessagesEndpoint": "VPCEndpoint"}
ODD = {"Odd": "TransitGateway"}


@pytest.mark.parametrize(
    ("types", "region", "zones", "cost"),
    [
        (PLAIN, "eu-central-1", "1", Decimal(0)),
        (PLAIN | NAT, "eu-central-1", "1", Decimal("41.61")),
        (PLAIN | ENDPOINTS, "eu-central-1", "1", Decimal("17.52")),
        (PLAIN | NAT | ENDPOINTS, "us-east-1", "2", Decimal("65.70")),
        (PLAIN | NAT, "ap-south-2", "1", None),
        (PLAIN | ODD, "eu-central-1", "1", None),
    ],
)
def test_what_stands_bills(types: dict[str, str], region: str, zones: str, cost: Decimal | None) -> None:
    stack = Stack(name="n", id="arn:n", status="CREATE_COMPLETE", parameters={"InterfaceEndpointZones": zones})
    resources = [
        StackResource(logical_id=name, physical_id=name, type=f"AWS::EC2::{type_}", status="CREATE_COMPLETE")
        for name, type_ in types.items()
    ]
    kept = kept_networking(stack, resources, Subject(environment=DEV, layer=Layer.COMPUTE), region=region)
    assert "./manage-networking.sh delete dev" in kept.why
    assert kept.usd_per_month == cost
    assert ("nothing in it bills" in kept.why) is (cost == 0)
