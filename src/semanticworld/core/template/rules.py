"""Rules, checked as CloudFormation checks them before it makes anything."""

from __future__ import annotations

from semanticworld.core.template.conditions import Judge
from semanticworld.core.template.given import Given, Template, as_list, as_mapping, section


def broken_rules(template: Template, given: Given) -> tuple[str, ...]:
    """The descriptions of the assertions that fail, in the template's order; empty when all hold."""
    judge = Judge(template, given)
    broken = []
    for name, raw in section(template, "Rules").items():
        rule = as_mapping(raw)
        if "RuleCondition" in rule and not judge.holds(rule["RuleCondition"]):
            continue
        for item in as_list(rule.get("Assertions", [])):
            assertion = as_mapping(item)
            if not judge.holds(assertion["Assert"]):
                broken.append(str(assertion.get("AssertDescription", name)))
    return tuple(broken)
