"""The embedded cloud: a product feature and the tests' world."""
