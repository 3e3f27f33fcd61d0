"""What Systems Manager has against a document's content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from semanticworld.local.cloud.resources.services.replies import RefusedError

__all__ = ["parsed"]

# Source: Systems Manager User Guide, "Data elements and parameters" and quotas (2026)
_MAX_BYTES = 64 * 1024
_SCHEMA_VERSIONS = {
    "Command": {"1.2", "2.0", "2.2"},
    "Policy": {"2.0"},
    "Session": {"1.0"},
    "Automation": {"0.3"},
    "Automation.ChangeTemplate": {"0.3"},
}
_PARAMETER_TYPES = {"String", "StringList", "Integer", "Boolean", "MapList", "StringMap"}
_SESSION_TYPES = {"Standard_Stream", "InteractiveCommands", "NonInteractiveCommands", "Port"}
_KEYS = {
    "Command": {"schemaVersion", "description", "parameters", "mainSteps", "runtimeConfig", "assumeRole"},
    "Session": {"schemaVersion", "description", "sessionType", "parameters", "inputs", "properties"},
}


def _invalid(message: str) -> RefusedError:
    return RefusedError("InvalidDocumentContent", message)


def _read(content: str, document_format: str) -> Mapping[str, Any]:
    try:
        loaded = json.loads(content) if document_format == "JSON" else yaml.safe_load(content)
    except (ValueError, yaml.YAMLError) as error:
        raise _invalid(f"Content is not valid {document_format}: {error}") from error
    if not isinstance(loaded, Mapping):
        raise _invalid("The document content must be an object")
    return loaded


def _check_parameters(document: Mapping[str, Any]) -> None:
    parameters = document.get("parameters") or {}
    if not isinstance(parameters, Mapping):
        raise _invalid("parameters must be a map")
    for name, declared in parameters.items():
        if not isinstance(declared, Mapping) or declared.get("type") not in _PARAMETER_TYPES:
            raise _invalid(f"Parameter {name} has an invalid type. Valid types: {sorted(_PARAMETER_TYPES)}")
        values = declared.get("allowedValues")
        default = declared.get("default")
        if values is not None and default is not None and isinstance(default, str) and default not in values:
            raise _invalid(f"Parameter {name}: default value {default!r} is not one of the allowed values")


def _check_steps(document: Mapping[str, Any]) -> None:
    steps = document.get("mainSteps")
    if not isinstance(steps, list) or not steps:
        raise _invalid("mainSteps must be a list with at least one step")
    seen: set[str] = set()
    for index, step in enumerate(steps):
        if not isinstance(step, Mapping) or not step.get("action") or not step.get("name"):
            raise _invalid(f"mainSteps[{index}] must have an action and a name")
        if not str(step["action"]).startswith("aws:"):
            raise _invalid(f"mainSteps[{index}]: {step['action']} is not a supported action")
        if step["name"] in seen:
            raise _invalid(f"mainSteps[{index}]: the name {step['name']} is used twice")
        seen.add(str(step["name"]))


def parsed(content: str, document_type: str, document_format: str) -> Mapping[str, Any]:
    """The content as an object. Raises RefusedError with AWS's code when it is not a document of that type."""
    if len(content.encode()) > _MAX_BYTES:
        message = "The size of the document exceeds the limit of 64 KB"
        raise RefusedError("MaxDocumentSizeExceeded", message)
    document = _read(content, document_format)
    version = document.get("schemaVersion")
    allowed = _SCHEMA_VERSIONS.get(document_type)
    if allowed is None:
        return document
    if not isinstance(version, str):
        raise _invalid("schemaVersion is required and must be a string")
    if version not in allowed:
        message = f"Schema version {version} is not supported for document type {document_type}"
        raise RefusedError("InvalidDocumentSchemaVersion", message)
    unknown = sorted(document.keys() - _KEYS.get(document_type, set(document)))
    if unknown:
        raise _invalid(f"Document has unexpected keys: {unknown}")
    _check_parameters(document)
    if document_type == "Session" and document.get("sessionType") not in _SESSION_TYPES:
        raise _invalid(f"sessionType must be one of {sorted(_SESSION_TYPES)}")
    if document_type == "Command" and version.startswith("2."):
        _check_steps(document)
    return document
