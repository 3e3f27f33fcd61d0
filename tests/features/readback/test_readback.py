"""The features whose answers are read back from the API."""

from pytest_bdd import scenarios

scenarios("security.feature", "naming.feature", "cross_stack.feature")
