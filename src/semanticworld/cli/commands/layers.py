"""What the options say about the layers: the environment, the files, and what the command line overrides."""

from __future__ import annotations

from pathlib import Path

from semanticworld.cli.context import Context
from semanticworld.cli.spec import ENVIRONMENTS
from semanticworld.config.sources import Sources, read_environment, read_sources
from semanticworld.model.environment import Environment, EnvironmentName

_OVERRIDES = {"--instance-type": "InstanceType", "--storage-size": "RootVolumeSize"}


def environment_of(context: Context, name: str | None = None) -> Environment:
    """The environment asked for (or the named one), as its parameter file describes it."""
    return read_environment(
        context.composition.infrastructure(),
        EnvironmentName(name or context.invocation.environment or ENVIRONMENTS[0]),
        context.target,
        parameters_file=_parameters_file(context),
    )


def sources_of(context: Context) -> Sources:
    """The layers of the environment asked for, files and options checked against the templates."""
    given = {name: (value, option) for option, name in _OVERRIDES.items() if (value := context.invocation.text(option))}
    return read_sources(
        context.composition.infrastructure(),
        EnvironmentName(context.invocation.environment or ENVIRONMENTS[0]),
        context.target,
        parameters_file=_parameters_file(context),
        overrides=given,
    )


def overrides_of(context: Context) -> dict[str, str]:
    """Template parameters given as options."""
    return {name: value for option, name in _OVERRIDES.items() if (value := context.invocation.text(option))}


def _parameters_file(context: Context) -> Path | None:
    given = context.invocation.text("--parameters")
    return Path(given) if given else None
