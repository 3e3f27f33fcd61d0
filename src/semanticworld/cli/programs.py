"""The two programs and their commands."""

from __future__ import annotations

from semanticworld.cli import options as o
from semanticworld.cli.spec import ENVIRONMENTS, Command, Option, Program, Takes, Word

_SHELLS = ("bash", "zsh", "fish")


def _layer_commands(script: str, *, compute: bool) -> tuple[Command, ...]:
    what = "node" if compute else "network"
    node_options: tuple[Option, ...] = o.NODE if compute else ()
    return (
        Command(
            name="create",
            summary=f"make the {what} of an environment, or bring it up to date",
            description=(
                "Builds a change set, shows it, executes it and follows it to the end. An existing stack is updated;\n"
                "nothing to change is success. What stops, replaces or removes a node or a volume that stands is asked\n"
                "before anything is touched. "
                + (
                    "The base layer is made or updated first. With --local the network is too; on AWS\na missing network is refused, with the command that makes it."
                    if compute
                    else "Every other layer of the environment stands in this network."
                )
            ),
            environment=Takes.MUST,
            options=(*node_options, o.PARAMETERS, *o.WORK, *o.CONNECTION, *o.ANSWER),
            examples=(
                (
                    f"{script} create dev --local",
                    f"{script} create dev --instance-type g5.xlarge --dry-run",
                    f"{script} create prod --yes --output json",
                )
                if compute
                else (f"{script} create dev --local", f"{script} create prod --dry-run")
            ),
        ),
        Command(
            name="delete",
            summary=f"delete the {what} and prove that nothing billable is left",
            description=(
                "Shows what goes and what is kept, asks, deletes, and looks every resource up again.\n"
                + (
                    "The base layer stays (it is free while it stands) unless --everything is given."
                    if compute
                    else "A network that another stack still uses is refused."
                )
            ),
            environment=Takes.MUST,
            options=(
                o.FORCE_DELETE,
                *((o.EVERYTHING,) if compute else ()),
                o.PARAMETERS,
                *o.WORK,
                *o.CONNECTION,
                *o.ANSWER,
            ),
            examples=(f"{script} delete dev --local", f"{script} delete dev --dry-run"),
        ),
        Command(
            name="status",
            summary="what stands, how it is, and what happened last; without ENVIRONMENT one row each",
            description=(
                "--output text: without ENVIRONMENT one row each with environment, stack status, node, type, state and private address;\n"
                "with it a line a fact, such as node.state and its value, in the order of the JSON document. Tabs stand between."
            ),
            environment=Takes.MAY,
            options=(o.PARAMETERS, *o.CONNECTION, *o.ANSWER),
            examples=(f"{script} status", f"{script} status dev --output json"),
        ),
        Command(
            name="outputs",
            summary="the outputs of the stack",
            description="--output text: a line an output, its name, a tab and its value, sorted by name.",
            environment=Takes.MUST,
            options=(o.PARAMETERS, *o.CONNECTION, *o.ANSWER),
            examples=(
                (f"{script} outputs dev --query outputs.ComputeInstanceId --output text",)
                if compute
                else (f"{script} outputs dev",)
            ),
        ),
        Command(
            name="validate",
            summary="check template and parameters, and what can be asked of AWS, without changing anything",
            description="Works without a network and without credentials for the part that needs none, and says which part was left out.",
            environment=Takes.MAY,
            options=(*node_options, o.PARAMETERS, *o.CONNECTION, *o.ANSWER),
            examples=(f"{script} validate", f"{script} validate prod --output json"),
        ),
    )


_HELP = Command(
    name="help",
    summary="this overview, or all about one command",
    words=(Word(name="COMMAND", help="the command to explain", required=False),),
)

COMPUTE = Program(
    name="manage-compute",
    script="./manage-compute.sh",
    layer="compute",
    summary="A private GPU node on AWS from one command, and the same on this machine with --local.",
    contradictions=o.CONTRADICTIONS,
    commands=(
        *_layer_commands("./manage-compute.sh", compute=True),
        Command(
            name="history",
            summary="the operations journal of this machine",
            description="Operations at AWS and operations on the embedded cloud are kept apart.",
            environment=Takes.MAY,
            options=(o.HISTORY_LOCAL, *o.ANSWER),
            examples=("./manage-compute.sh history dev", "./manage-compute.sh history dev --local"),
        ),
        Command(
            name="local",
            summary="the embedded cloud: start, stop, status, reset, advance, fault",
            description=(
                "start              start it (every command with --local does so by itself)\n"
                "stop               stop it; its state is kept\n"
                "status             where it listens, and what the aws CLI needs to talk to it;\n"
                '                   eval "$(... local status --query export_line --output text)" sets it in a shell\n'
                "reset              forget everything in it\n"
                "advance DURATION   move its clock: schedules fire, alarms are evaluated\n"
                "fault              the faults that are set\n"
                "fault clear [N]    take one or all of them away\n"
                "fault KIND ...     set one:\n"
                "    latency 100ms | latency 50ms-200ms\n"
                "    throttle 30%\n"
                "    capacity TYPE|any\n"
                "    resource LOGICAL-ID|TYPE\n"
                "    slow LOGICAL-ID|TYPE 30s\n"
                "    lost-answer OPERATION\n"
                "    error OPERATION CODE\n"
                "    expired-token"
            ),
            words=(
                Word(
                    name="ACTION", help="what to do", choices=("start", "stop", "status", "reset", "advance", "fault")
                ),
                Word(name="ARGUMENT", help="what the action needs", required=False, many=True),
            ),
            options=(o.YES, o.FORCE_STOP, *o.FAULT_OPTIONS, *o.ANSWER),
            examples=(
                "./manage-compute.sh local status",
                "./manage-compute.sh local advance 2h",
                "./manage-compute.sh local fault capacity g5.xlarge --times 2",
            ),
        ),
        Command(
            name="completion",
            summary="a completion script for bash, zsh or fish",
            description='bash: eval "$(manage-compute completion bash)"\nzsh:  eval "$(manage-compute completion zsh)"\nfish: manage-compute completion fish | source',
            words=(Word(name="SHELL", help="the shell", choices=_SHELLS),),
            examples=('eval "$(./manage-compute.sh completion bash)"',),
        ),
        _HELP,
    ),
)

NETWORKING = Program(
    name="manage-networking",
    script="./manage-networking.sh",
    layer="networking",
    summary="The network that the nodes of an environment stand in.",
    contradictions=o.CONTRADICTIONS,
    commands=(*_layer_commands("./manage-networking.sh", compute=False), _HELP),
)

PROGRAMS = {program.name: program for program in (COMPUTE, NETWORKING)}

__all__ = ["COMPUTE", "ENVIRONMENTS", "NETWORKING", "PROGRAMS"]
