"""Reading a CloudFormation template without CloudFormation: conditions, values, references and parameters, all pure.

`Given` is what a template is read with; `decide_conditions`, `resolve_template`, `references` and `check_parameters` read it.
"""

from semanticworld.core.template.conditions import decide_conditions
from semanticworld.core.template.given import Given, parameter_values
from semanticworld.core.template.parameters import check_parameters
from semanticworld.core.template.references import living_resources, references
from semanticworld.core.template.resolve import Resolved, resolve_template
from semanticworld.core.template.rules import broken_rules

__all__ = [
    "Given",
    "Resolved",
    "broken_rules",
    "check_parameters",
    "decide_conditions",
    "living_resources",
    "parameter_values",
    "references",
    "resolve_template",
]
