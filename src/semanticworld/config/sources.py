"""Templates and parameter files of an environment -> what the use cases take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from semanticworld.config.declarations import Declared, declared_in
from semanticworld.config.parameters import Parameter, check_parameters, read_parameters
from semanticworld.config.positions import refusal
from semanticworld.config.project import parameters_path, template_path
from semanticworld.core.text import shortened
from semanticworld.model.environment import DEFAULT_PROJECT, Environment, EnvironmentName, Layer
from semanticworld.model.request import LayerSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """An environment and its layers as the files say it."""

    environment: Environment
    layers: Mapping[Layer, LayerSource]


def read_environment(
    infrastructure: Path, name: EnvironmentName, target: Layer, *, parameters_file: Path | None = None
) -> Environment:
    """The environment as its target layer's parameter file names it; without a file it has the default project."""
    path = parameters_file or parameters_path(infrastructure, target, name)
    if parameters_file is None and not path.exists():
        return Environment(name=name)
    return _environment(name, read_parameters(path))


def read_sources(
    infrastructure: Path,
    name: EnvironmentName,
    target: Layer,
    *,
    parameters_file: Path | None = None,
    overrides: Mapping[str, tuple[str, str]] | None = None,
) -> Sources:
    """The target layer and those it stands on, checked. Raises UsageError (CFG010 to CFG027).

    `parameters_file` replaces the target layer's file. `overrides` are checked here as well: name -> (value, the option).
    """
    layers = list(Layer)[: list(Layer).index(target) + 1]
    read = {
        layer: _parameters(infrastructure, name, layer, parameters_file if layer is target else None)
        for layer in layers
    }
    environment = _environment(name, read[target][1])
    sources = {}
    for layer, (path, parameters) in read.items():
        _check_names(parameters, environment)
        template = template_path(infrastructure, layer)
        found = declared_in(template)
        check_parameters(parameters, found.parameters)
        if layer is target and overrides:
            given = tuple(Parameter(name=key, value=value, place=place) for key, (value, place) in overrides.items())
            check_parameters(given, found.parameters)
        sources[layer] = _source(layer, template, found, parameters=parameters, path=path)
    return Sources(environment=environment, layers=sources)


def read_templates(infrastructure: Path, target: Layer) -> Mapping[Layer, LayerSource]:
    """The templates alone, without any environment's parameters."""
    layers = list(Layer)[: list(Layer).index(target) + 1]
    sources = {}
    for layer in layers:
        template = template_path(infrastructure, layer)
        sources[layer] = _source(layer, template, declared_in(template))
    return sources


def _source(
    layer: Layer, template: Path, found: Declared, *, parameters: tuple[Parameter, ...] = (), path: Path | None = None
) -> LayerSource:
    return LayerSource(
        layer=layer,
        template_path=str(template),
        template_body=found.body,
        template=found.template,
        parameters={item.name: item.value for item in parameters},
        parameters_path=str(path) if path else None,
        declared=frozenset(found.parameters),
    )


def _parameters(
    infrastructure: Path, name: EnvironmentName, layer: Layer, given: Path | None
) -> tuple[Path | None, tuple[Parameter, ...]]:
    path = given or parameters_path(infrastructure, layer, name)
    if given is None and not path.exists():
        return None, ()
    return path, read_parameters(path)


def _environment(name: EnvironmentName, parameters: tuple[Parameter, ...]) -> Environment:
    values = {item.name: item.value for item in parameters}
    environment = Environment(
        name=name, project=values.get("ProjectName", DEFAULT_PROJECT), owner=values.get("Owner", "unknown")
    )
    _check_names(parameters, environment)
    return environment


def _check_names(parameters: tuple[Parameter, ...], environment: Environment) -> None:
    """A file of another environment or project must never reach this one: names and tags would mix."""
    wanted = {"Environment": environment.name.value, "ProjectName": environment.project}
    for item in parameters:
        if item.value != wanted.get(item.name, item.value):
            why = f"{item.name} is {shortened(item.value)}, and {wanted[item.name]!r} is asked for"
            raise refusal("CFG016", item.place, why, "use the parameter file of this environment and project")
