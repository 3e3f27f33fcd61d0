"""Systems Manager documents and parameters as CloudFormation resources."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from ministack.core.responses import get_account_id, get_region

from semanticworld.local.cloud import schemas
from semanticworld.local.cloud.resources import failures, tags
from semanticworld.local.cloud.resources.calls import call
from semanticworld.local.cloud.resources.kind import Attributes, Kind, Properties, Wanted

__all__ = ["DocumentKind", "ParameterKind"]

_VERSIONED = ("Content", "VersionName", "DocumentFormat", "TargetType")


def _content(given: Properties) -> str:
    content = given["Content"]
    return content if isinstance(content, str) else json.dumps(content)


def _settle_tags(kind: str, resource_type: str, identifier: str, old: Properties, new: Properties) -> None:
    change = tags.change(resource_type, old, new)
    if change.put:
        call("ssm", "AddTagsToResource", ResourceType=kind, ResourceId=identifier, Tags=tags.as_list(change.put))
    if change.drop:
        call("ssm", "RemoveTagsFromResource", ResourceType=kind, ResourceId=identifier, TagKeys=change.drop)


class DocumentKind(Kind):
    """AWS::SSM::Document. UpdateMethod NewVersion changes it in place; Replace (the default) makes another document."""

    resource_type: ClassVar[str] = "AWS::SSM::Document"
    service: ClassVar[str] = "ssm"
    name_property: ClassVar[str | None] = "Name"

    def make(self, wanted: Wanted) -> str:
        """The document's name."""
        given = wanted.properties
        call(
            "ssm",
            "CreateDocument",
            Name=wanted.name,
            Content=_content(given),
            DocumentType=given.get("DocumentType"),
            DocumentFormat=given.get("DocumentFormat"),
            TargetType=given.get("TargetType"),
            VersionName=given.get("VersionName"),
            Requires=given.get("Requires"),
            Attachments=given.get("Attachments"),
            Tags=tags.as_list(tags.of(self.resource_type, given)) or None,
        )
        return wanted.name

    def replaced_by(self, identifier: str, old: Properties, new: Properties) -> bool:
        """With UpdateMethod Replace every change but that of tags is a new document."""
        del identifier
        changed = [
            name for name in schemas.conditional_create_only(self.resource_type) if old.get(name) != new.get(name)
        ]
        return bool(changed) and new.get("UpdateMethod", "Replace") != "NewVersion"

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """A new default version and the tags."""
        if not old:
            return
        if any(old.get(name) != new.get(name) for name in _VERSIONED):
            answer = call(
                "ssm",
                "UpdateDocument",
                Name=identifier,
                Content=_content(new),
                DocumentVersion="$LATEST",
                DocumentFormat=new.get("DocumentFormat"),
                TargetType=new.get("TargetType"),
                VersionName=new.get("VersionName"),
            )
            version = answer["DocumentDescription"]["DocumentVersion"]
            call("ssm", "UpdateDocumentDefaultVersion", Name=identifier, DocumentVersion=version)
        _settle_tags("Document", self.resource_type, identifier, old, new)

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete every version."""
        del properties
        call("ssm", "DeleteDocument", Name=identifier)


class ParameterKind(Kind):
    """AWS::SSM::Parameter."""

    resource_type: ClassVar[str] = "AWS::SSM::Parameter"
    service: ClassVar[str] = "ssm"
    name_property: ClassVar[str | None] = "Name"
    name_limit: ClassVar[int] = 255

    def _put(self, name: str, given: Properties, **more: Any) -> None:  # noqa: ANN401 - parameters of the operation
        if given["Type"] not in {"String", "StringList"}:
            raise failures.HandlerError(f"{given['Type']} is not a supported parameter type in CloudFormation")
        call(
            "ssm",
            "PutParameter",
            Name=name,
            Value=given["Value"],
            Type=given["Type"],
            Description=given.get("Description"),
            Tier=given.get("Tier"),
            AllowedPattern=given.get("AllowedPattern"),
            DataType=given.get("DataType"),
            Policies=given.get("Policies"),
            **more,
        )

    def make(self, wanted: Wanted) -> str:
        """The parameter's name."""
        self._put(
            wanted.name, wanted.properties, Tags=tags.as_list(tags.of(self.resource_type, wanted.properties)) or None
        )
        return wanted.name

    def settle(self, identifier: str, old: Properties, new: Properties) -> None:
        """A new version and the tags."""
        if not old:
            return
        if any(old.get(name) != new.get(name) for name in old.keys() | new.keys() if name != "Tags"):
            self._put(identifier, new, Overwrite=True)
        _settle_tags("Parameter", self.resource_type, identifier, old, new)

    def attributes(self, identifier: str, properties: Properties) -> Attributes:
        """Type, Value and Arn."""
        path = identifier if identifier.startswith("/") else f"/{identifier}"
        arn = f"arn:aws:ssm:{get_region()}:{get_account_id()}:parameter{path}"
        return {"Type": properties["Type"], "Value": properties["Value"], "Arn": arn}

    def remove(self, identifier: str, properties: Properties) -> None:
        """Delete the parameter with its history."""
        del properties
        call("ssm", "DeleteParameter", Name=identifier)
