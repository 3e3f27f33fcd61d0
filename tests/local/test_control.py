from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aws_cli import aws_in
from cloud import Cloud
from semanticworld.errors import Refused
from semanticworld.local import commands, control, gate, outside, process

CONTROL = "/_semanticworld/control"


def ask(cloud: Cloud, method: str, path: str, headers: dict[str, str], body: str = "") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", cloud.record.port, timeout=10)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body.encode())
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def test_the_control_api_wants_the_token(cloud: Cloud) -> None:
    body = json.dumps({"do": "state"})
    token = {"x-semanticworld-token": cloud.record.token}
    assert ask(cloud, "POST", CONTROL, token, body) == 200
    assert ask(cloud, "POST", CONTROL, {}, body) == 403
    assert ask(cloud, "POST", CONTROL, {"x-semanticworld-token": "guess"}, body) == 403
    assert ask(cloud, "GET", CONTROL, token) == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_no_web_page_drives_it_even_with_the_token(cloud: Cloud, headers: dict[str, str]) -> None:
    body = json.dumps({"do": "state"})
    assert ask(cloud, "POST", CONTROL, headers | {"x-semanticworld-token": cloud.record.token}, body) == 403


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_no_web_page_uses_the_cloud(cloud: Cloud, headers: dict[str, str]) -> None:
    assert ask(cloud, "POST", "/?Action=DescribeVpcs", headers) == 403


@pytest.mark.parametrize("path", ["/_ministack/reset", "/_ministack/config", "/_localstack/health"])
def test_ministacks_own_administration_is_closed(cloud: Cloud, path: str) -> None:
    assert ask(cloud, "POST", path, {}) == 403


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:4566", "localhost", "LOCALHOST:1", "[::1]:80", "b.localhost:80", "ec2.eu-central-1.amazonaws.com"],
)
def test_known_hosts(host: str) -> None:
    assert gate.is_known_host(host)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.evil.example", "amazonaws.com.evil.example", "127.0.0.1@evil"]
)
def test_unknown_hosts(host: str) -> None:
    assert not gate.is_known_host(host)


def test_what_is_not_understood_is_answered_and_changes_nothing(cloud: Cloud) -> None:
    for wrong in (
        {"do": "dance"},
        {"do": "advance", "seconds": -1},
        {"do": "advance"},
        {"do": "fault_add", "fault": {}},
    ):
        with pytest.raises(Refused) as refused:
            control.ask(cloud.record, **wrong)  # type: ignore[arg-type]
        assert refused.value.code == "LOC004"


def test_status_says_all_that_the_aws_cli_needs(cloud: Cloud) -> None:
    cloud.client("ssm").put_parameter(Name="/p", Value="v", Type="String")
    status = commands.status({**os.environ, **cloud.environ})
    assert status.running
    assert status.pid == cloud.record.pid
    assert status.export_line is not None
    assert status.export_line.startswith(f"export AWS_ENDPOINT_URL={cloud.endpoint_url} AWS_ACCESS_KEY_ID=test ")
    assert status.counts is not None
    assert status.counts["parameters"] >= 1
    assert status.uptime_s is not None
    assert status.problems == ()
    assert cloud.record.token not in repr(status)
    assert cloud.record.token not in repr(cloud.record)


def test_the_aws_cli_works_with_the_export_line(cloud: Cloud, tmp_path: Path) -> None:
    status = commands.status({**os.environ, **cloud.environ})
    (tmp_path / "file").write_text("hello")
    script = f"""{status.export_line}
set -eu
aws s3 mb s3://from-the-cli-{cloud.account}
aws s3 cp file s3://from-the-cli-{cloud.account}/file
aws s3 cp s3://from-the-cli-{cloud.account}/file -
"""
    path = f"{aws_in(tmp_path)}:{os.environ['PATH']}"
    command = ["/bin/sh", "-c", script]
    told = subprocess.run(  # noqa: S603 - our own words
        command, cwd=tmp_path, env={"PATH": path, "HOME": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.endswith("hello")


def test_the_default_account_is_the_documented_one(cloud: Cloud) -> None:
    assert cloud.client("sts").get_caller_identity()["Account"] == cloud.account
    other = Cloud(folder=cloud.folder, record=cloud.record, account="test")
    assert other.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_is_it_running_costs_milliseconds(cloud: Cloud) -> None:
    began = time.monotonic()
    for _ in range(20):
        assert process.running(cloud.folder) is not None
    assert (time.monotonic() - began) / 20 < 0.02


def test_asking_imports_neither_an_aws_sdk_nor_the_emulator() -> None:
    program = (
        "import sys, semanticworld.local.commands, semanticworld.local.process\n"
        "print([name for name in ('boto3', 'botocore', 'ministack', 'hypercorn', 'asyncio') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "b.localhost", None])
def test_this_machine_is_not_outside(host: str | None) -> None:
    outside.guard("socket.getaddrinfo", (host, 80, 0, 0, 0))


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "example.com", "2001:db8::1"])
def test_everything_else_is_outside(host: str) -> None:
    with pytest.raises(PermissionError):
        outside.guard("socket.connect", (None, (host, 80)))


def test_a_subscription_to_an_outside_address_connects_nowhere(cloud: Cloud) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint="http://192.0.2.1/hook")
    sns.publish(TopicArn=topic, Message="m")
    deadline = time.monotonic() + 5
    while "outside this machine" not in cloud.folder.log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "outside this machine" in cloud.folder.log.read_text()
