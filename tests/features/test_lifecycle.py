"""The features of a node's life, run against the embedded cloud through the real command line."""

from pytest_bdd import scenarios

scenarios(
    "deployment.feature",
    "instance_type.feature",
    "environments.feature",
    "dry_run.feature",
    "delete.feature",
    "failed_stack.feature",
    "force_delete.feature",
    "history.feature",
)
