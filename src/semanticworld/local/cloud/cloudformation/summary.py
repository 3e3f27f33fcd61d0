"""ValidateTemplate and GetTemplateSummary: what a template is and asks for, without making anything of it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from semanticworld.local.cloud.cloudformation import lookup, template_rules, template_text, xml
from semanticworld.local.cloud.cloudformation import request as asked
from semanticworld.local.cloud.cloudformation.refusal import Refusal
from semanticworld.local.cloud.cloudformation.seam import Answer, Record, Request, engine, handlers, helpers


def validate_template(request: Request) -> Answer:
    """Parameters, capabilities and transforms of a template that holds water."""
    template = _sent(request)
    if template is None:
        raise Refusal("Either Template URL or Template Body must be specified.")
    _refuse_flawed(template)
    return xml.answer(
        "ValidateTemplate",
        xml.element("Description", template.get("Description")),
        xml.members("Parameters", (_parameter(*item) for item in _parameters(template))),
        _capabilities(template),
        _transforms(template),
    )


def get_template_summary(request: Request) -> Answer:
    """The same with constraints, resource types, metadata and identifiers, of a template or of a stack."""
    template = _sent(request)
    if template is None:
        name = asked.text(request, "StackName")
        if not name:
            raise Refusal("Either Template URL or Template Body must be specified.")
        stack = lookup.living(name)
        template = template_text.parse(str(stack.get("_template_body") or "{}"))
    else:
        _refuse_flawed(template)
    resources = [item for item in (template.get("Resources") or {}).items() if isinstance(item[1], Mapping)]
    kinds = sorted({str(resource.get("Type")) for _, resource in resources})
    return xml.answer(
        "GetTemplateSummary",
        xml.members("Parameters", (_parameter(*item) + _constraints(item[1]) for item in _parameters(template))),
        xml.element("Description", template.get("Description")),
        _capabilities(template),
        xml.texts("ResourceTypes", kinds),
        xml.element("Version", template.get("AWSTemplateFormatVersion")),
        xml.element("Metadata", json.dumps(template["Metadata"], default=str) if template.get("Metadata") else None),
        _transforms(template),
        xml.members("ResourceIdentifierSummaries", (_identifiers(kind, resources) for kind in kinds)),
    )


def _sent(request: Request) -> Record | None:
    body, refused = helpers._resolve_template(request)
    if refused is not None:
        raise Relayed(refused)
    if not body:
        return None
    try:
        return template_text.parse(str(body))
    except ValueError as error:
        raise Refusal(f"Template format error: {error}") from error


class Relayed(Refusal):
    """An error document that ministack has already written."""

    def __init__(self, document: Answer) -> None:
        super().__init__("")
        self.document = document

    def answer(self) -> Answer:
        """The document as it was written."""
        return self.document


def _refuse_flawed(template: Record) -> None:
    found = template_rules.problem(template)
    if found:
        raise Refusal(found)
    try:
        engine.refuse_undeclared_language_extensions(template)
        engine._validate_template_limits(template)
        engine._validate_template_statics(template)
    except ValueError as error:
        raise Refusal(str(error)) from error


def _parameters(template: Record) -> list[tuple[str, Record]]:
    return list((template.get("Parameters") or {}).items())


def _parameter(name: str, definition: Record) -> str:
    default = definition.get("Default")
    return (
        xml.element("ParameterKey", name)
        + ("" if default is None else f"<DefaultValue>{helpers._esc(_text(default))}</DefaultValue>")
        + xml.element("ParameterType", definition.get("Type", "String"))
        + xml.element("NoEcho", _text(definition.get("NoEcho", False)).lower() == "true")
        + xml.element("Description", definition.get("Description"))
    )


def _constraints(definition: Record) -> str:
    allowed = [_text(value) for value in definition.get("AllowedValues") or ()]
    return xml.group("ParameterConstraints", xml.texts("AllowedValues", allowed) if allowed else "")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _capabilities(template: Record) -> str:
    needed, reasons = handlers._required_capabilities(template, strict=True)
    if not needed:
        return ""
    reason = f"The following resource(s) require capabilities: [{', '.join(reasons)}]" if reasons else ""
    return xml.texts("Capabilities", needed) + xml.element("CapabilitiesReason", reason)


def _transforms(template: Record) -> str:
    declared = engine.declared_transforms(template)
    return xml.texts("DeclaredTransforms", declared) if declared else ""


def _identifiers(kind: str, resources: list[tuple[str, Record]]) -> str:
    logical_ids = [name for name, resource in resources if resource.get("Type") == kind]
    return xml.element("ResourceType", kind) + xml.texts("LogicalResourceIds", logical_ids)
