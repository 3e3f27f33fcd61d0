"""Where the templates and parameter files lie."""

from __future__ import annotations

from pathlib import Path

from semanticworld.errors import UsageError
from semanticworld.model.environment import EnvironmentName, Layer


def infrastructure_folder(package: Path) -> Path:
    """infrastructure/ of the checkout that the package runs from. Raises UsageError (CFG019) when there is none.

    `package` is the semanticworld folder: src/semanticworld in a checkout.
    """
    for folder in package.resolve().parents[:3]:
        candidate = folder / "infrastructure"
        if (candidate / "semanticworld-compute.yaml").is_file():
            return candidate
    raise UsageError(
        "the templates cannot be found",
        why=f"no infrastructure folder stands near {package}",
        hint="run ./manage-compute.sh from a clone of the repository",
        code="CFG019",
    )


def template_path(infrastructure: Path, layer: Layer) -> Path:
    """The layer's template."""
    return infrastructure / f"semanticworld-{layer.value}.yaml"


def parameters_path(infrastructure: Path, layer: Layer, environment: EnvironmentName) -> Path:
    """The layer's parameter file for the environment."""
    return infrastructure / "parameters" / f"{layer.value}-{environment.value}.json"
