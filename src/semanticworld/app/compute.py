"""The compute layer's parameters: image pinned, subnet chosen by what its zone offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from semanticworld.app.operation import Operation
from semanticworld.app.parallel import at_once
from semanticworld.core.declared import defaults
from semanticworld.core.network import Network, find_network
from semanticworld.core.parameters import (
    AUTO,
    CHOICE,
    PINNED,
    ROOT_SIZE,
    SUBNET,
    SUBNETS,
    Merged,
    SubnetFacts,
    check_move,
    chosen_subnet,
    keeps_image,
    merged,
    root_size,
    wanted_subnet,
)
from semanticworld.errors import AwsError, Refused, SemanticWorldError, UsageError
from semanticworld.model.environment import Layer
from semanticworld.model.node import InstanceType, Subnet
from semanticworld.model.request import LayerSource
from semanticworld.model.stack import Stack

_ANY = "x86_64"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeParameters:
    """Called with what stands, it gives the parameters to deploy with."""

    operation: Operation
    source: LayerSource
    overrides: dict[str, str]
    subnet: str | None

    def __call__(self, stack: Stack | None) -> Merged:
        """The parameters; raises UsageError for an instance type that the region does not know."""
        standing = stack.parameters if stack else None
        subject = self.operation.subject(Layer.COMPUTE)
        plain = merged(self.source, subject, overrides=self.overrides, standing=standing)
        values, notes = dict(plain.parameters), list(plain.notes)
        told = {**defaults(self.source.template), **values}
        if told.get("InstanceType"):
            hardware = self._hardware(told["InstanceType"])
            self._pin(values, told, notes, standing, hardware)
        if ROOT_SIZE in self.source.declared and PINNED in values:
            self._size(values, notes, standing)
        if SUBNET in self.source.declared:
            values[SUBNET] = self._subnet(values, standing)
            check_move(standing, values, subject)
        return Merged(parameters=values, notes=tuple(notes))

    def _hardware(self, name: str) -> InstanceType:
        hardware = self.operation.world.nodes.instance_type(name)
        if hardware is None:
            raise UsageError(
                f"there is no instance type {name}",
                why="EC2 does not know it in this region",
                hint=f"aws ec2 describe-instance-types --filters Name=instance-type,Values={name.split('.', maxsplit=1)[0]}.*",
                code="LIF025",
            )
        return hardware

    def _pin(
        self,
        values: dict[str, str],
        told: Mapping[str, str],
        notes: list[str],
        standing: Mapping[str, str] | None,
        hardware: InstanceType,
    ) -> None:
        """`values` get the image; `told` are the same with the template's defaults."""
        if PINNED not in self.source.declared or PINNED in self.overrides:
            return
        choice = told.get(CHOICE) or "pytorch"
        if not keeps_image(told, standing, self.overrides):
            if not told.get(PINNED):
                values[PINNED] = self.operation.world.nodes.image(choice, architecture=hardware.architecture or _ANY)
            return
        values[PINNED] = (standing or {})[PINNED]
        try:
            newest = self.operation.world.nodes.image(choice, architecture=hardware.architecture or _ANY)
        except (AwsError, Refused):
            return  # only a note hangs on it
        if newest != values[PINNED]:
            notes.append(
                f"a newer image exists: {newest}; the node keeps {values[PINNED]}, as replacing it is your choice"
            )

    def _size(self, values: dict[str, str], notes: list[str], standing: Mapping[str, str] | None) -> None:
        wanted = values.get(ROOT_SIZE, defaults(self.source.template).get(ROOT_SIZE))
        least = self.operation.world.nodes.image_root_gib(values[PINNED])
        subject = self.operation.subject(Layer.COMPUTE)
        size = root_size(wanted, least, overrides=self.overrides, standing=standing, subject=subject)
        if size is None or size == wanted:
            return
        values[ROOT_SIZE] = size
        notes[:] = [note for note in notes if not note.startswith(f"{ROOT_SIZE} goes")]
        if standing is None or standing.get(ROOT_SIZE) != size:
            notes.append(
                f"the root volume gets {size} GiB instead of {wanted}: the image {values[PINNED]} needs that many"
            )

    def _subnet(self, values: dict[str, str], standing: Mapping[str, str] | None) -> str:
        wanted = wanted_subnet(asked=self.subnet, overrides=self.overrides, standing=standing)
        if wanted != AUTO:
            return wanted
        network = find_network(self.operation.world.stacks.exports(), self.operation.environment)
        stands = (standing or {}).get(SUBNET)
        if not network.is_complete:
            return stands or values.get(SUBNET, SUBNETS[0])
        return chosen_subnet(
            self._facts(network, {**defaults(self.source.template), **values}.get("InstanceType", "")),
            preferred=stands or values.get(SUBNET) or defaults(self.source.template).get(SUBNET),
        )

    def _facts(self, network: Network, instance_type: str) -> tuple[SubnetFacts, ...]:
        nodes = self.operation.world.nodes
        ids = {name: network.subnet_id(name) or "" for name in SUBNETS}
        offering, subnets = at_once(
            lambda: nodes.zones_offering(instance_type), lambda: nodes.subnets([id_ for id_ in ids.values() if id_])
        )
        by_id: dict[str, Subnet] = (
            {} if isinstance(subnets, SemanticWorldError) else {each.id: each for each in subnets}
        )
        facts = []
        for name in SUBNETS:
            known = by_id.get(ids[name])
            zone = known.availability_zone if known else network.zone(name)
            offers = None if isinstance(offering, SemanticWorldError) or zone is None else zone in offering
            facts.append(
                SubnetFacts(
                    name=name, zone=zone, offers_type=offers, free_addresses=known.free_addresses if known else None
                )
            )
        return tuple(facts)
