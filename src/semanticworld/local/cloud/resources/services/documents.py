"""Systems Manager documents: create, version, read, list, delete. ministack has none of it."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import yaml
from ministack.core.responses import AccountRegionScopedDict, get_account_id

from semanticworld.local.cloud.resources.services import paging
from semanticworld.local.cloud.resources.services.document_content import parsed
from semanticworld.local.cloud.resources.services.owned_documents import OWNED
from semanticworld.local.cloud.resources.services.replies import RefusedError

__all__ = ["OPERATIONS", "content_of", "delete_tags", "put_tags", "restore", "snapshot", "tags_of"]

_NAME = re.compile(r"[a-zA-Z0-9_\-.]{3,128}")
_RESERVED = re.compile(r"(?i)(aws-|amazon|amzn|AWSEC2|AWSConfigRemediation|AWSSupport)")

Document: TypeAlias = dict[str, Any]
Request: TypeAlias = Mapping[str, Any]

# name -> {"Name", "DocumentType", "TargetType", "Default", "Versions": {number: {...}}, "Tags": {}}
_documents: Any = AccountRegionScopedDict()


def snapshot() -> object:
    """All documents, of every account and region."""
    return _documents


def restore(value: object) -> None:
    """Put documents back that an earlier server had."""
    _documents.clear()
    _documents.update(value)


def _missing(name: str) -> RefusedError:
    return RefusedError("InvalidDocument", f"Document with name {name} does not exist.")


def _find(name: str) -> Document:
    short = name.rsplit("/", 1)[-1] if name.startswith("arn:") else name
    found = _documents.get(short) or OWNED.get(short)
    if not found:
        raise _missing(short)
    document: Document = found
    return document


def _mine(name: str) -> Document:
    document = _find(name)
    if document["Name"] in OWNED:
        raise RefusedError("InvalidDocumentOperation", f"Document {document['Name']} is owned by Amazon.")
    return document


def _version(document: Document, asked: str | None, version_name: str | None = None) -> dict[str, Any]:
    versions: dict[str, dict[str, Any]] = document["Versions"]
    if version_name:
        for one in versions.values():
            if one.get("VersionName") == version_name:
                return one
        raise RefusedError("InvalidDocumentVersion", f"The document version name {version_name} is not valid.")
    number = {
        None: document["Default"],
        "": document["Default"],
        "$DEFAULT": document["Default"],
        "$LATEST": max(versions, key=int),
    }.get(asked, asked)
    if number not in versions:
        raise RefusedError("InvalidDocumentVersion", "The document version is not valid or does not exist.")
    return versions[str(number)]


def content_of(name: str, version: str | None = None) -> Mapping[str, Any]:
    """A document's content as an object, for whoever runs it. Raises RefusedError when there is none."""
    document = _find(name)
    found = _version(document, version)
    return parsed(found["Content"], document["DocumentType"], found["DocumentFormat"])


def _new_version(document: Document, number: str, request: Request) -> dict[str, Any]:
    document_format = str(request.get("DocumentFormat") or "JSON")
    content = str(request["Content"])
    parsed(content, document["DocumentType"], document_format)
    version = {
        "DocumentVersion": number,
        "Content": content,
        "DocumentFormat": document_format,
        "CreatedDate": time.time(),
        "Status": "Active",
    }
    if request.get("VersionName"):
        version["VersionName"] = str(request["VersionName"])
    return version


def _create(request: Request) -> Document:
    name = str(request.get("Name", ""))
    if not _NAME.fullmatch(name):
        message = (
            f"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\\-.]{3,128}$"
        )
        raise RefusedError("ValidationException", message)
    if _RESERVED.match(name):
        raise RefusedError("ValidationException", f"Document name {name} uses a reserved prefix.")
    if name in _documents:
        raise RefusedError("DocumentAlreadyExists", f"Document with same name {name} already exists")
    document: Document = {
        "Name": name,
        "DocumentType": request.get("DocumentType") or "Command",
        "TargetType": request.get("TargetType"),
        "Requires": request.get("Requires"),
        "Default": "1",
        "Versions": {},
        "Tags": {tag["Key"]: tag["Value"] for tag in request.get("Tags") or ()},
    }
    document["Versions"]["1"] = _new_version(document, "1", request)
    _documents[name] = document
    return {"DocumentDescription": _description(document, document["Versions"]["1"])}


def _update(request: Request) -> Document:
    document = _mine(str(request["Name"]))
    latest = _version(document, "$LATEST")
    _version(document, request.get("DocumentVersion") or "$LATEST")
    if latest["Content"] == request["Content"] and latest["DocumentFormat"] == (
        request.get("DocumentFormat") or "JSON"
    ):
        message = "The content of the association document matches another document. Change the content of the document and try again."
        raise RefusedError("DuplicateDocumentContent", message)
    wanted = request.get("VersionName")
    if wanted and any(one.get("VersionName") == wanted for one in document["Versions"].values()):
        raise RefusedError("DuplicateDocumentVersionName", f"The version name {wanted} is already used.")
    number = str(int(latest["DocumentVersion"]) + 1)
    document["Versions"][number] = _new_version(document, number, request)
    if request.get("TargetType"):
        document["TargetType"] = request["TargetType"]
    return {"DocumentDescription": _description(document, document["Versions"][number])}


def _set_default(request: Request) -> Document:
    document = _mine(str(request["Name"]))
    version = _version(document, str(request["DocumentVersion"]))
    document["Default"] = version["DocumentVersion"]
    shown = {"Name": document["Name"], "DefaultVersion": version["DocumentVersion"]}
    if version.get("VersionName"):
        shown["DefaultVersionName"] = version["VersionName"]
    return {"Description": shown}


def _parameters(content: Mapping[str, Any]) -> list[dict[str, str]]:
    shown = []
    for name, declared in (content.get("parameters") or {}).items():
        one = {"Name": str(name), "Type": "StringList" if declared.get("type") == "StringList" else "String"}
        if declared.get("description"):
            one["Description"] = str(declared["description"])
        if declared.get("default") is not None:
            default = declared["default"]
            one["DefaultValue"] = default if isinstance(default, str) else json.dumps(default)
        shown.append(one)
    return shown


def _description(document: Document, version: Mapping[str, Any]) -> Document:
    content = parsed(version["Content"], document["DocumentType"], version["DocumentFormat"])
    owner = "Amazon" if document["Name"] in OWNED else get_account_id()
    shown = {
        "Name": document["Name"],
        "Owner": owner,
        "Hash": hashlib.sha256(version["Content"].encode()).hexdigest(),
        "HashType": "Sha256",
        "CreatedDate": version["CreatedDate"],
        "Status": version["Status"],
        "DocumentVersion": version["DocumentVersion"],
        "Description": content.get("description"),
        "Parameters": _parameters(content),
        "PlatformTypes": ["Windows", "Linux", "MacOS"],
        "DocumentType": document["DocumentType"],
        "SchemaVersion": content.get("schemaVersion"),
        "LatestVersion": max(document["Versions"], key=int),
        "DefaultVersion": document["Default"],
        "DocumentFormat": version["DocumentFormat"],
        "TargetType": document.get("TargetType"),
        "VersionName": version.get("VersionName"),
        "Requires": document.get("Requires"),
        "Tags": [{"Key": key, "Value": value} for key, value in document["Tags"].items()],
    }
    return {key: value for key, value in shown.items() if value is not None}


def _describe(request: Request) -> Document:
    document = _find(str(request["Name"]))
    version = _version(document, request.get("DocumentVersion"), request.get("VersionName"))
    return {"Document": _description(document, version)}


def _get(request: Request) -> Document:
    document = _find(str(request["Name"]))
    version = _version(document, request.get("DocumentVersion"), request.get("VersionName"))
    content, wanted = version["Content"], request.get("DocumentFormat") or version["DocumentFormat"]
    if wanted != version["DocumentFormat"]:
        loaded = parsed(content, document["DocumentType"], version["DocumentFormat"])
        content = json.dumps(loaded, indent=2) if wanted == "JSON" else yaml.safe_dump(loaded, sort_keys=False)
    shown = {
        "Name": document["Name"],
        "CreatedDate": version["CreatedDate"],
        "VersionName": version.get("VersionName"),
        "DocumentVersion": version["DocumentVersion"],
        "Status": version["Status"],
        "Content": content,
        "DocumentType": document["DocumentType"],
        "DocumentFormat": wanted,
        "Requires": document.get("Requires"),
    }
    return {key: value for key, value in shown.items() if value is not None}


def _matches(document: Document, key: str, values: list[str]) -> bool:
    owner = "Amazon" if document["Name"] in OWNED else "Self"
    if key.startswith("tag:"):
        return document["Tags"].get(key.removeprefix("tag:")) in values
    match key:
        case "Name":
            return any(document["Name"].startswith(value) for value in values)
        case "Owner":
            return any(value in {owner, "All"} or (value == "Private" and owner == "Self") for value in values)
        case "DocumentType":
            return document["DocumentType"] in values
        case "TargetType":
            return document.get("TargetType") in values
        case "PlatformTypes":
            return bool({"Linux", "Windows", "MacOS"} & set(values))
        case _:
            raise RefusedError("InvalidFilterKey", f"The specified filter key {key} is not valid.")


def _list(request: Request) -> Document:
    filters = [(one["Key"], list(one.get("Values") or ())) for one in request.get("Filters") or ()]
    filters += [(one["key"], [one["value"]]) for one in request.get("DocumentFilterList") or ()]
    every = sorted([*_documents.values(), *OWNED.values()], key=lambda one: str(one["Name"]))
    chosen = [one for one in every if all(_matches(one, key, values) for key, values in filters)]
    page, token = paging.page(
        chosen, request.get("NextToken"), request.get("MaxResults"), default=25, code="InvalidNextToken"
    )
    shown = []
    for document in page:
        described = _description(document, _version(document, None))
        names = ("Name", "CreatedDate", "Owner", "VersionName", "PlatformTypes", "DocumentVersion", "DocumentType")
        more = ("SchemaVersion", "DocumentFormat", "TargetType", "Tags", "Requires")
        shown.append({name: described[name] for name in (*names, *more) if name in described})
    return {"DocumentIdentifiers": shown, **({"NextToken": token} if token else {})}


def _list_versions(request: Request) -> Document:
    document = _find(str(request["Name"]))
    every = sorted(document["Versions"].values(), key=lambda one: int(one["DocumentVersion"]))
    page, token = paging.page(
        every, request.get("NextToken"), request.get("MaxResults"), default=25, code="InvalidNextToken"
    )
    shown = [
        {
            **{key: one[key] for key in ("DocumentVersion", "CreatedDate", "DocumentFormat", "Status")},
            **({"VersionName": one["VersionName"]} if one.get("VersionName") else {}),
            "Name": document["Name"],
            "IsDefaultVersion": one["DocumentVersion"] == document["Default"],
        }
        for one in page
    ]
    return {"DocumentVersions": shown, **({"NextToken": token} if token else {})}


def _delete(request: Request) -> Document:
    document = _mine(str(request["Name"]))
    if not request.get("DocumentVersion") and not request.get("VersionName"):
        _documents.pop(document["Name"], None)
        return {}
    version = _version(document, request.get("DocumentVersion"), request.get("VersionName"))
    if version["DocumentVersion"] == document["Default"]:
        raise RefusedError("InvalidDocumentOperation", "The default version of the document can't be deleted.")
    del document["Versions"][version["DocumentVersion"]]
    return {}


def tags_of(name: str) -> dict[str, str]:
    """The document's tags. Raises RefusedError when there is no such document of the account."""
    document = _documents.get(name)
    if document is None:
        raise RefusedError("InvalidResourceId", f"The resource ID {name} is not valid.")
    tags: dict[str, str] = document["Tags"]
    return tags


def put_tags(name: str, tags: Mapping[str, str]) -> None:
    """Set tags on a document."""
    tags_of(name).update(tags)


def delete_tags(name: str, keys: list[str]) -> None:
    """Take tags off a document."""
    for key in keys:
        tags_of(name).pop(key, None)


OPERATIONS: Mapping[str, Callable[[Request], Document]] = {
    "CreateDocument": _create,
    "UpdateDocument": _update,
    "UpdateDocumentDefaultVersion": _set_default,
    "DescribeDocument": _describe,
    "GetDocument": _get,
    "ListDocuments": _list,
    "ListDocumentVersions": _list_versions,
    "DeleteDocument": _delete,
}
