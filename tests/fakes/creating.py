"""create on a stage: requests built from whatever a case changes."""

# ruff: noqa: ANN401 - requests are built from whatever a case changes

from __future__ import annotations

from typing import Any

from fakes.held import Held
from fakes.world import COMPUTE_TEMPLATE, DEV, Stage, run, sources
from semanticworld.app.create import create
from semanticworld.model.environment import Environment, Layer
from semanticworld.model.request import CreateRequest

COMPUTE = DEV.stack_name(Layer.COMPUTE)


def request(environment: Environment = DEV, **more: Any) -> CreateRequest:
    compute = more.pop("compute", {})
    return CreateRequest(
        environment=environment,
        target=more.pop("target", Layer.COMPUTE),
        sources=sources(environment, **compute),
        **{"deploy_networking": True, **more},
    )


def make(stage: Stage, **more: Any) -> Any:
    return run(create(stage.world, request(**more)))


def plant_compute(stage: Stage, status: str, **more: Any) -> Held:
    return stage.stacks.plant(
        COMPUTE,
        status,
        tags=more.pop("tags", DEV.tags(Layer.COMPUTE)),
        template=COMPUTE_TEMPLATE,
        parameters={
            "InstanceType": "t3.medium",
            "Image": "pytorch",
            "ImageId": "ami-00000001",
            "Subnet": "private-1",
            "DataVolumeSize": "0",
        },
        **more,
    )
