"""The commands that hints name, spelled once: a hint that cannot be copied and run is no hint."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace

from semanticworld.model.environment import Environment, Layer
from semanticworld.model.spoken import NOTHING_SAID, Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a command acts on: one layer of one environment, against AWS or on the embedded cloud."""

    environment: Environment
    layer: Layer
    local: bool = False
    spoken: Spoken = NOTHING_SAID

    @property
    def stack_name(self) -> str:
        """The stack's name, such as semanticworld-dev-compute."""
        return self.environment.stack_name(self.layer)

    @property
    def words(self) -> str:
        """How messages name it, such as "the compute stack of dev"."""
        return f"the {self.layer} stack of {self.environment.name}"

    def of(self, layer: Layer) -> Subject:
        """The same environment's other layer."""
        return replace(self, layer=layer)

    def command(self, verb: str, *options: str) -> str:
        """A whole line to copy, such as `./manage-compute.sh delete dev --everything --local`.

        The base layer has no script of its own: it comes and goes with the compute layer.
        """
        script = "./manage-networking.sh" if self.layer is Layer.NETWORKING else "./manage-compute.sh"
        if self.layer is Layer.BASE and verb == "delete" and "--everything" not in options:
            options = (*options, "--everything")
        return spelled(script, verb, self.environment.name.value, *options, spoken=self.spoken, local=self.local)

    def shell(self, verb: str, *options: str) -> str:
        """The same between backticks, for the middle of a sentence."""
        return f"`{self.command(verb, *options)}`"

    @property
    def aws_options(self) -> str:
        """What an `aws` command needs to reach the same place, with a space before it; empty when nothing was said."""
        words = [shlex.join(each) for each in self.spoken.connection if each[0] != "--local"]
        return "".join(f" {each}" for each in words)


def spelled(script: str, verb: str, *words: str, spoken: Spoken, local: bool) -> str:
    """The line: these words, then what the command line had that leads to the same place and the same result.

    An option that is among the words already is not said twice.
    """
    repeated = [*(spoken.files if script == spoken.script else ())]
    if script == spoken.script and verb == spoken.verb:
        repeated += spoken.shape
    repeated += [*((("--local",),) if local else ()), *spoken.connection]
    line = [script, verb, *words]
    for each in repeated:
        if each[0] not in line:
            line += each
    return shlex.join(line)
