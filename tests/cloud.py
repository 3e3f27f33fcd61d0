"""The embedded cloud as the tests see it: an endpoint, an account of one's own, and boto3 clients."""

from __future__ import annotations

import itertools
import json
import os
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from semanticworld.local.folder import Folder
from semanticworld.local.record import Record

# One session: reading a service's model takes longer than most calls.
_SESSION = boto3.session.Session()

REGION = "eu-central-1"

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)
"""A trust policy with which a role can be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """A running embedded cloud seen from one account. Nothing of another account is visible in it."""

    folder: Folder
    record: Record
    account: str

    @property
    def endpoint_url(self) -> str:
        return self.record.endpoint_url

    @property
    def environ(self) -> dict[str, str]:
        """What a child process (the aws CLI, our command line) needs to work in this account."""
        return {
            "MANAGE_COMPUTE_STATE": str(self.folder.root.parent),
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.account,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }

    def client(self, service: str, *, region: str = REGION, attempts: int = 1, read_timeout_s: float = 30) -> Any:  # noqa: ANN401 - a service's client
        """A boto3 client in this account, without retries unless asked for."""
        return _SESSION.client(
            service,
            endpoint_url=self.endpoint_url,
            region_name=region,
            aws_access_key_id=self.account,
            aws_secret_access_key="test",  # noqa: S106 - the embedded cloud accepts any
            config=Config(
                retries={"mode": "standard", "total_max_attempts": attempts},
                connect_timeout=5,
                read_timeout=read_timeout_s,
                s3={"addressing_style": "path"},
            ),
        )


_numbers = itertools.count(1)


def fresh_account() -> str:
    """An account id that no other test of this run has: an access key of 12 digits is its own account."""
    return f"{os.getpid() % 1_000_000:06d}{next(_numbers):06d}"
