"""What a command asks of a use case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from semanticworld.model.environment import Environment, Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerSource:
    """A layer's template and parameters as they stand in files; paths are for messages only.

    `template_body` is the file's text, which AWS gets; `template` is the same, read: long forms, plain values.
    """

    layer: Layer
    template_path: str
    template_body: str
    template: Mapping[str, object]
    parameters: Mapping[str, str]
    parameters_path: str | None = None
    declared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRequest:
    """create: `target` is the layer asked for; the layers it needs are in `sources`.

    `deploy_networking` lets a missing networking layer be deployed as well (the embedded cloud); against AWS it is refused.
    `overrides` are template parameters of the target layer given on the command line, such as {"InstanceType": "g5.xlarge"}.
    `subnet` is private-1, private-2 or auto (None: keep what stands, else auto). `timeout_s` None means no limit.
    """

    environment: Environment
    target: Layer
    sources: Mapping[Layer, LayerSource]
    overrides: Mapping[str, str] = field(default_factory=dict)
    subnet: str | None = None
    deploy_networking: bool = False
    dry_run: bool = False
    wait: bool = True
    timeout_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRequest:
    """delete: `target` is compute or networking; `everything` takes the base layer too."""

    environment: Environment
    target: Layer
    everything: bool = False
    force: bool = False
    dry_run: bool = False
    wait: bool = True
    timeout_s: float | None = None
