"""ListImports: who uses an export."""

from __future__ import annotations

from semanticworld.local.cloud.cloudformation import exports, xml
from semanticworld.local.cloud.cloudformation import request as asked
from semanticworld.local.cloud.cloudformation.refusal import Refusal
from semanticworld.local.cloud.cloudformation.seam import Answer, Request, helpers
from semanticworld.local.cloud.cloudformation.summary import Relayed


def list_imports(request: Request) -> Answer:
    """The names of the stacks that import the export."""
    name = asked.text(request, "ExportName")
    users = exports.importers(name)
    if not users:
        raise Refusal(f"Export '{name}' is not imported by any stack.")
    page, token, refused = helpers._page(users, request, "ListImports")
    if refused is not None:
        raise Relayed(refused)
    return xml.answer("ListImports", xml.texts("Imports", page), token)
