"""The policy gate: what must hold for every template with every set of parameters, on resolved values.

A check takes a World and yields what is wrong. `test_gate.py` runs them all over all worlds, `test_mutants.py` proves that each can fail.
"""

from template_gate import access, identity, naming, node, storage
from template_gate.worlds import World

CHECKS = (*access.CHECKS, *identity.CHECKS, *naming.CHECKS, *node.CHECKS, *storage.CHECKS)


def findings(world: World) -> list[str]:
    """Everything that is wrong in a world, each with the name of the check that says so."""
    return [f"{check.__name__}: {wrong}" for check in CHECKS for wrong in check(world)]


__all__ = ["CHECKS", "World", "findings"]
