"""EC2's refusals: a code, a text and the HTTP status AWS answers with."""

from __future__ import annotations


class EC2Error(Exception):
    """One refusal of the EC2 API.

    Source: Amazon EC2 API Reference, error codes, 2026.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def invalid(name: str, value: object, why: str = "") -> EC2Error:
    """The answer to a value that a parameter does not take."""
    tail = f" {why}" if why else ""
    return EC2Error("InvalidParameterValue", f"Value ({value}) for parameter {name} is invalid.{tail}")


def missing(name: str) -> EC2Error:
    """The answer to a request without a parameter that it needs."""
    return EC2Error("MissingParameter", f"The request must contain the parameter {name}")


def dependency(message: str) -> EC2Error:
    """The answer to deleting what something else still uses."""
    return EC2Error("DependencyViolation", message)
