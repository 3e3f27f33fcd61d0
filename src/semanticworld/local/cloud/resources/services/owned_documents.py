"""Documents that Amazon owns and that every account can use, as far as a node needs them.

Source: Systems Manager User Guide, "AWS Systems Manager documents" and the documents' own content in the console (2026),
reduced to schema, parameters and steps.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["OWNED"]

_MADE_AT = 1_500_000_000.0
_RUN_SHELL_SCRIPT = {
    "schemaVersion": "1.2",
    "description": "Run a shell script or specify the commands to run.",
    "parameters": {
        "commands": {
            "type": "StringList",
            "description": "(Required) Specify a shell script or a command to run.",
            "minItems": 1,
            "displayType": "textarea",
        },
        "workingDirectory": {"type": "String", "default": "", "maxChars": 4096},
        "executionTimeout": {"type": "String", "default": "3600"},
    },
    "runtimeConfig": {
        "aws:runShellScript": {
            "properties": [
                {
                    "id": "0.aws:runShellScript",
                    "runCommand": "{{ commands }}",
                    "workingDirectory": "{{ workingDirectory }}",
                    "timeoutSeconds": "{{ executionTimeout }}",
                }
            ]
        }
    },
}


def _session(
    description: str, kind: str, parameters: Mapping[str, Any], properties: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "schemaVersion": "1.0",
        "description": description,
        "sessionType": kind,
        "parameters": dict(parameters),
        "properties": dict(properties),
    }


_COMMAND = {"command": {"type": "String", "description": "(Optional) The command to run on the instance"}}
_PORT = {
    "type": "String",
    "description": "(Optional) Port number of the server on the instance",
    "allowedPattern": "^([1-9]|[1-9][0-9]{1,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$",
    "default": "80",
}
_LOCAL_PORT = {**_PORT, "description": "(Optional) Port number on local machine to forward traffic to", "default": "0"}
_HOST = {
    "type": "String",
    "description": "(Optional) Hostname or IP address of the destination server",
    "default": "localhost",
}
_PORT_PROPERTIES = {
    "portNumber": "{{ portNumber }}",
    "type": "LocalPortForwarding",
    "localPortNumber": "{{ localPortNumber }}",
}

_CONTENTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "AWS-RunShellScript": ("Command", _RUN_SHELL_SCRIPT),
    "AWS-StartInteractiveCommand": (
        "Session",
        _session(
            "Document to run single interactive command on an instance",
            "InteractiveCommands",
            _COMMAND,
            {"linux": {"commands": "{{ command }}", "runAsElevated": False}},
        ),
    ),
    "AWS-StartNonInteractiveCommand": (
        "Session",
        _session(
            "Document to run single non-interactive command on an instance",
            "NonInteractiveCommands",
            _COMMAND,
            {"linux": {"commands": "{{ command }}", "runAsElevated": False}},
        ),
    ),
    "AWS-StartPortForwardingSession": (
        "Session",
        _session(
            "Document to start port forwarding session over Session Manager",
            "Port",
            {"portNumber": _PORT, "localPortNumber": _LOCAL_PORT},
            _PORT_PROPERTIES,
        ),
    ),
    "AWS-StartPortForwardingSessionToRemoteHost": (
        "Session",
        _session(
            "Document to start port forwarding session over Session Manager to remote host",
            "Port",
            {"portNumber": _PORT, "localPortNumber": _LOCAL_PORT, "host": _HOST},
            {**_PORT_PROPERTIES, "host": "{{ host }}"},
        ),
    ),
    "AWS-StartSSHSession": (
        "Session",
        _session(
            "Document to start SSH session over Session Manager",
            "Port",
            {"portNumber": {**_PORT, "default": "22"}},
            {"portNumber": "{{ portNumber }}"},
        ),
    ),
}

OWNED: Mapping[str, dict[str, Any]] = {
    name: {
        "Name": name,
        "DocumentType": kind,
        "TargetType": None,
        "Requires": None,
        "Default": "1",
        "Tags": {},
        "Versions": {
            "1": {
                "DocumentVersion": "1",
                "Content": json.dumps(content, indent=2),
                "DocumentFormat": "JSON",
                "CreatedDate": _MADE_AT,
                "Status": "Active",
            }
        },
    }
    for name, (kind, content) in _CONTENTS.items()
}
"""Amazon's documents, in the form in which the account's own are kept."""
