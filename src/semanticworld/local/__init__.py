"""The embedded cloud: AWS on this machine, a product feature and the tests' world."""
