"""validate: what can be told without changing anything; the offline findings come in, the live ones are added."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from semanticworld.app.parallel import each_at_once
from semanticworld.core.causes import plain
from semanticworld.core.commands import Subject
from semanticworld.core.decision import CreateNew, Refuse, Update
from semanticworld.core.declared import defaults, standing
from semanticworld.core.lifecycle import Command, StackState, decide
from semanticworld.core.network import Network, find_network
from semanticworld.core.ownership import ownership
from semanticworld.core.parameters import AUTO, CHOICE, PINNED, SUBNET, SUBNETS
from semanticworld.errors import AwsError, Refused, SemanticWorldError
from semanticworld.model.environment import Environment, Layer
from semanticworld.model.finding import Finding, Outcome
from semanticworld.model.request import LayerSource
from semanticworld.model.result import ValidateResult
from semanticworld.ports import World


def validate(
    environment: Environment | None,
    target: Layer,
    sources: Mapping[Layer, LayerSource],
    *,
    offline: Sequence[Finding],
    world: World | None,
    skipped: Sequence[str] = (),
) -> ValidateResult:
    """All findings, offline first; without a world or an environment only the offline ones."""
    source = sources[target]
    live: tuple[Finding, ...] = ()
    if world is not None and environment is not None:
        live = _live(
            world, Subject(environment=environment, layer=target, local=world.local, spoken=world.spoken), sources
        )
    return ValidateResult(
        environment=environment,
        findings=(*offline, *live),
        template_path=source.template_path,
        resources=_resources(source),
        skipped=tuple(skipped),
    )


def _resources(source: LayerSource) -> int:
    try:
        return len(standing(source.template, source.parameters))
    except SemanticWorldError:
        return 0  # an offline finding says why


def _live(world: World, subject: Subject, sources: Mapping[Layer, LayerSource]) -> tuple[Finding, ...]:
    identity = _check("PRE001", "AWS knows who we are", lambda: _identity(world))
    if identity.outcome is not Outcome.PASS:
        return (identity,)  # every other look would fail for the same reason
    checks: list[Callable[[], Finding]] = [
        lambda layer=layer: _check(  # type: ignore[misc]
            "PRE007", f"CloudFormation accepts the {layer} template", lambda: _template(world, sources[layer])
        )
        for layer in sources
    ]
    checks.append(lambda: _check("PRE003", f"{subject.words} can be changed", lambda: _stack(world, subject)))
    if subject.layer is not Layer.NETWORKING:
        checks.append(lambda: _check("PRE002", "the networking layer stands", lambda: _network(world, subject)))
    if subject.layer is Layer.COMPUTE:
        source = sources[Layer.COMPUTE]
        parameters = {**defaults(source.template), **source.parameters}
        checks += [
            lambda: _check("PRE004", "the region knows the instance type", lambda: _type(world, parameters)),
            lambda: _check("PRE005", "the zone offers the instance type", lambda: _offered(world, subject, parameters)),
            lambda: _check("PRE006", "there is an image", lambda: _image(world, parameters)),
        ]
    answers = each_at_once(checks)
    return (identity, *(answer for answer in answers if isinstance(answer, Finding)))


def _check(code: str, summary: str, look: Callable[[], Finding]) -> Finding:
    """The look's own finding; `unknown` with the reason when it could not be taken, which is never a pass."""
    try:
        return look()
    except (AwsError, Refused) as error:
        return Finding(
            code=code,
            outcome=Outcome.UNKNOWN,
            summary=f"not known whether {summary}",
            evidence=f"{error.what}: {error.why}",
            fix=error.hint,
        )


def _passed(code: str, summary: str, evidence: str = "") -> Finding:
    return Finding(code=code, outcome=Outcome.PASS, summary=summary, evidence=evidence)


def _failed(code: str, summary: str, *, evidence: str, fix: str) -> Finding:
    return Finding(code=code, outcome=Outcome.FAIL, summary=summary, evidence=evidence, fix=fix)


def _identity(world: World) -> Finding:
    who = world.caller.identity()
    return _passed("PRE001", "AWS knows who we are", f"{who.arn} in account {who.account}, region {who.region}")


def _network(world: World, subject: Subject) -> Finding:
    network = find_network(world.stacks.exports(), subject.environment)
    fix = subject.of(Layer.NETWORKING).command("create")
    if network.is_complete:
        return _passed("PRE002", "the networking layer stands", f"exported by {_stack_names(network)}")
    if not network.stands and world.local:
        return Finding(
            code="PRE002",
            outcome=Outcome.WARN,
            summary="the networking layer does not stand yet",
            evidence="create makes it first on the embedded cloud",
            fix=fix,
        )
    evidence = (
        f"{_stack_names(network)} does not export {', '.join(network.missing)}"
        if network.stands
        else f"nothing exports {subject.environment.export_name('vpc-id')}"
    )
    return _failed("PRE002", "the networking layer does not stand", evidence=evidence, fix=fix)


def _stack_names(network: Network) -> str:
    """The names in arn:...:stack/NAME/UUID."""
    return ", ".join(id_.split("/")[1] if "/" in id_ else id_ for id_ in network.stack_ids)


def _stack(world: World, subject: Subject) -> Finding:
    stack = world.stacks.describe(subject.stack_name)
    if stack is None:
        return _passed("PRE003", f"{subject.words} can be created", f"there is no stack {subject.stack_name}")
    state = StackState(status=stack.status, ownership=ownership(stack, subject.environment))
    decision = decide(Command.CREATE, state, subject)
    match decision:
        case Refuse():
            return _failed("PRE003", decision.what, evidence=decision.why, fix=decision.hint)
        case Update() | CreateNew():
            return _passed("PRE003", f"{subject.words} can be updated", f"it is in {stack.status}")
        case _:
            return Finding(
                code="PRE003",
                outcome=Outcome.WARN,
                summary=f"{subject.words} is in {stack.status}",
                evidence="create brings it out of that state first",
                fix=subject.command("create"),
            )


def _type(world: World, parameters: Mapping[str, str]) -> Finding:
    name = parameters.get("InstanceType", "")
    hardware = world.nodes.instance_type(name)
    if hardware is None:
        return _failed(
            "PRE004",
            f"there is no instance type {name}",
            evidence="EC2 does not know it in this region",
            fix="correct InstanceType in the parameter file",
        )
    gpus = f", {hardware.gpu_count} x {hardware.gpu_model}" if hardware.gpu_model else ""
    evidence = f"{hardware.vcpus} vCPU, {hardware.memory_mib} MiB{gpus}, {hardware.architecture}"
    return _passed("PRE004", f"the region knows {name}", evidence)


def _offered(world: World, subject: Subject, parameters: Mapping[str, str]) -> Finding:
    name = parameters.get("InstanceType", "")
    network = find_network(world.stacks.exports(), subject.environment)
    zones = world.nodes.zones_offering(name)
    candidates = _zones(network)
    if not candidates:
        return Finding(
            code="PRE005",
            outcome=Outcome.UNKNOWN,
            summary=f"not known whether the zone offers {name}",
            evidence="the networking layer names no zones",
            fix=subject.of(Layer.NETWORKING).command("create"),
        )
    good = [f"{subnet} ({zone})" for subnet, zone in candidates.items() if zone in zones]
    wanted = parameters.get(SUBNET, AUTO)
    if wanted in candidates and candidates[wanted] not in zones and good:
        return Finding(
            code="PRE005",
            outcome=Outcome.WARN,
            summary=f"the zone of {wanted} does not offer {name}",
            evidence=f"{', '.join(good)} does, and create takes it",
            fix=subject.command("create", "--subnet", "auto"),
        )
    if good:
        return _passed("PRE005", f"the zone offers {name}", ", ".join(good))
    return _failed(
        "PRE005",
        f"no zone of the networking layer offers {name}",
        evidence=f"offered in {', '.join(sorted(zones)) or 'no zone of this region'}",
        fix="choose another InstanceType, or another region",
    )


def _zones(network: Network) -> dict[str, str]:
    return {name: zone for name in SUBNETS if (zone := network.zone(name))}


def _image(world: World, parameters: Mapping[str, str]) -> Finding:
    choice = parameters.get(PINNED) or parameters.get(CHOICE) or "pytorch"
    hardware = world.nodes.instance_type(parameters.get("InstanceType", ""))
    image = world.nodes.image(choice, architecture=hardware.architecture if hardware else "x86_64")
    if world.nodes.image_exists(image):
        return _passed("PRE006", f"there is an image for {choice}", image)
    return _failed(
        "PRE006",
        f"there is no image {image}",
        evidence="this account cannot see it in this region",
        fix="set Image to pytorch, base or an image id of this region",
    )


def _template(world: World, source: LayerSource) -> Finding:
    try:
        world.stacks.validate_template(source.template_body)
    except AwsError as error:
        if error.aws is None or error.aws.code != "ValidationError":
            raise
        return _failed(
            "PRE007",
            f"CloudFormation does not accept {source.template_path}",
            evidence=plain(error.why),
            fix=f"correct the template; `cfn-lint {source.template_path}` names the line",
        )
    return _passed("PRE007", f"CloudFormation accepts {source.template_path.rsplit('/', 1)[-1]}")
