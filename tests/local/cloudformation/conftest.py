# ruff: noqa: ANN401 - boto3 clients and template values have no types of their own
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stacks import Stack


@pytest.fixture
def client(cloud: Any) -> Any:
    return cloud.client("cloudformation")


@pytest.fixture
def stack(client: Any) -> Stack:
    return Stack(client=client)


@pytest.fixture
def refused() -> Callable[..., tuple[str, str]]:
    """What AWS says to a call: its error code and text."""

    def call(operation: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as error:
            operation(**arguments)
        answer = error.value.response["Error"]
        return answer["Code"], answer["Message"]

    return call
