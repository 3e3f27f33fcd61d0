"""The commands that hints name, spelled once: a hint that cannot be copied and run is no hint."""

from __future__ import annotations

from dataclasses import dataclass

from semanticworld.model.environment import Environment, Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a command acts on: one layer of one environment, against AWS or on the embedded cloud."""

    environment: Environment
    layer: Layer
    local: bool = False

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
        return Subject(environment=self.environment, layer=layer, local=self.local)

    def command(self, verb: str, *options: str) -> str:
        """A whole line to copy, such as `./manage-compute.sh delete dev --everything --local`.

        The base layer has no script of its own: it comes and goes with the compute layer.
        """
        script = "./manage-networking.sh" if self.layer is Layer.NETWORKING else "./manage-compute.sh"
        words = [script, verb, self.environment.name.value, *options]
        if self.layer is Layer.BASE and verb == "delete" and "--everything" not in options:
            words.append("--everything")
        if self.local:
            words.append("--local")
        return " ".join(words)

    def shell(self, verb: str, *options: str) -> str:
        """The same between backticks, for the middle of a sentence."""
        return f"`{self.command(verb, *options)}`"
