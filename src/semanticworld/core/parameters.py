"""The parameters a stack gets: file, command line, what stands, and what follows from the environment."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from semanticworld.core.commands import Subject
from semanticworld.errors import Refused, UsageError
from semanticworld.model.request import LayerSource

PINNED = "ImageId"
CHOICE = "Image"
SUBNET = "Subnet"
AUTO = "auto"
SUBNETS = ("private-1", "private-2")
ROOT_SIZE = "RootVolumeSize"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The parameters to deploy with, and what the user should know about how they came about."""

    parameters: Mapping[str, str]
    notes: tuple[str, ...] = ()


def merged(
    source: LayerSource, subject: Subject, *, overrides: Mapping[str, str], standing: Mapping[str, str] | None
) -> Merged:
    """File parameters, then overrides, then the environment's own; only what the template declares.

    Raises UsageError (LIF018) for a name the template does not declare. `standing` are the stack's parameters, None
    when it does not stand: a value that goes back to the file's is told.
    """
    check_names(source, overrides)
    environment = subject.environment
    own = {"ProjectName": environment.project, "Environment": environment.name.value}
    if environment.owner != "unknown":
        own["Owner"] = environment.owner
    values = {**source.parameters, **overrides, **{k: v for k, v in own.items() if k in source.declared}}
    notes = tuple(
        f"{name} goes from {standing[name]} to {value}, as {source.parameters_path or 'the parameter file'} has it"
        for name, value in sorted(values.items())
        if standing is not None
        and name not in overrides
        and name not in {PINNED, CHOICE, SUBNET, *own}
        and standing.get(name, value) != value
    )
    return Merged(parameters=values, notes=notes)


def check_names(source: LayerSource, overrides: Mapping[str, str]) -> None:
    """Returns when the template declares every name; raises UsageError (LIF018) with the nearest name when not."""
    for name, place in (
        *((name, "the command line") for name in overrides),
        *((name, source.parameters_path or "the parameter file") for name in source.parameters),
    ):
        if name in source.declared:
            continue
        near = difflib.get_close_matches(name, source.declared, n=1)
        raise UsageError(
            f"{source.template_path} has no parameter {name}",
            why=f"it was given in {place}",
            hint=f"did you mean {near[0]}?" if near else f"it has {', '.join(sorted(source.declared))}",
            code="LIF018",
        )


def keeps_image(
    parameters: Mapping[str, str], standing: Mapping[str, str] | None, overrides: Mapping[str, str]
) -> bool:
    """True when the stack's pinned image stays: it has one, and nobody has chosen another.

    A node's image is never changed by the passing of time: that would replace the node.
    """
    if standing is None or not standing.get(PINNED) or PINNED in overrides:
        return False
    return standing.get(CHOICE, parameters.get(CHOICE)) == parameters.get(CHOICE)


def root_size(
    wanted: str | None,
    least: int | None,
    *,
    overrides: Mapping[str, str],
    standing: Mapping[str, str] | None,
    subject: Subject,
) -> str | None:
    """The root volume's size in GiB for an image that needs `least` of them (None: not known); None leaves it alone.

    A size from the file is raised, the one that stands is kept: growing it would replace the node. Raises Refused
    (LIF053) for one that was asked for on the command line and is too small.
    """
    if least is None or wanted is None or not wanted.isdecimal() or int(wanted) >= least:
        return wanted
    if ROOT_SIZE in overrides:
        raise Refused(
            f"a root volume of {wanted} GiB is too small",
            why=f"the image's own snapshot has {least} GiB, and a volume cannot be smaller; nothing was changed",
            hint=subject.command("create", "--storage-size", str(least)),
            code="LIF053",
        )
    stands = (standing or {}).get(ROOT_SIZE, "")
    return stands if stands.isdecimal() and int(stands) >= least else str(least)


def wanted_subnet(
    *,
    asked: str | None,
    overrides: Mapping[str, str],
    standing: Mapping[str, str] | None,
) -> str:
    """private-1, private-2 or auto: what was asked for, else what stands, else auto (which prefers the file's)."""
    if asked is not None:
        return asked
    if SUBNET in overrides:
        return overrides[SUBNET]
    if standing is not None and standing.get(SUBNET):
        return standing[SUBNET]
    return AUTO


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetFacts:
    """What is known of one private subnet; None: could not be read."""

    name: str
    zone: str | None
    offers_type: bool | None
    free_addresses: int | None


def chosen_subnet(facts: tuple[SubnetFacts, ...], *, preferred: str | None) -> str:
    """The subnet for auto: one whose zone offers the type and which has room, the preferred one first.

    What could not be read does not speak against a subnet; when all are out, the preferred one stays, so that the
    failure names the place the user expects.
    """
    order = sorted(facts, key=lambda each: (each.name != preferred, each.name))
    good = [each for each in order if each.offers_type is not False and each.free_addresses != 0]
    surely = [each for each in good if each.offers_type and (each.free_addresses or 0) > 0]
    return next((each.name for each in (*surely, *good, *order)), preferred or SUBNETS[0])


def check_move(standing: Mapping[str, str] | None, parameters: Mapping[str, str], subject: Subject) -> None:
    """Returns unless the node would leave the zone of its data volume: then raises Refused (LIF027)."""
    if standing is None or not standing.get(SUBNET) or standing[SUBNET] == parameters.get(SUBNET):
        return
    if standing.get("DataVolumeSize", "0") in {"", "0"}:
        return
    raise Refused(
        f"the node of {subject.environment.name} cannot move to {parameters.get(SUBNET)}",
        why=f"its data volume lives in the zone of {standing[SUBNET]}, and a volume cannot leave its zone",
        hint=f"keep it there with {subject.shell('create', '--subnet', standing[SUBNET])}, or restore a snapshot of the "
        "volume in the other zone first",
        code="LIF027",
    )


def is_same(standing: Mapping[str, str], parameters: Mapping[str, str], defaults: Mapping[str, str]) -> bool:
    """True when the stack stands with exactly these parameters, defaults filled in on both sides."""
    wanted = {**defaults, **parameters}
    names = wanted.keys() | standing.keys()
    return all(standing.get(name, defaults.get(name)) == wanted.get(name) for name in names)
