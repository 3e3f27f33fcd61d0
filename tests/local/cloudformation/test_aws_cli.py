from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from aws_cli import aws_in
from cfn_stacks import parameter, template
from cloud import Cloud


@pytest.fixture
def aws(cloud: Cloud, tmp_path: Path) -> object:
    """Runs AWS's own command line against the embedded cloud: exit status, stdout, stderr."""
    executable = str(aws_in(tmp_path) / "aws")

    def run(*words: str) -> tuple[int, str, str]:
        done = subprocess.run(  # noqa: S603 - the words are the test's own
            [executable, *words],
            env={**cloud.environ, "PATH": os.environ["PATH"], "AWS_PAGER": "", "HOME": str(tmp_path)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run


def test_aws_cloudformation_deploy_creates_updates_and_finds_nothing_to_do(aws: object, tmp_path: Path) -> None:
    assert callable(aws)
    file = tmp_path / "template.json"
    file.write_text(
        template({"One": parameter({"Ref": "P"})}, Parameters={"P": {"Type": "String"}}, Outputs={"O": {"Value": "x"}})
    )
    deploy = ("cloudformation", "deploy", "--stack-name", "cli", "--template-file", str(file))
    status, _, errors = aws(*deploy)
    assert (status != 0, "Parameters: [P] must have values" in errors) == (True, True)
    status, out, errors = aws(*deploy, "--parameter-overrides", "P=a")
    assert (status, "Successfully created/updated stack - cli" in out) == (0, True), errors
    status, out, errors = aws(*deploy, "--parameter-overrides", "P=b")
    assert (status, "Successfully created/updated stack - cli" in out) == (0, True), errors
    status, out, errors = aws(*deploy, "--no-fail-on-empty-changeset", "--parameter-overrides", "P=b")
    assert (status, "No changes to deploy. Stack cli is up to date" in out) == (0, True), errors
    status, out, _ = aws("cloudformation", "describe-stacks", "--stack-name", "cli")
    described = json.loads(out)["Stacks"][0]
    assert (described["StackStatus"], described["Outputs"][0]["OutputValue"]) == ("UPDATE_COMPLETE", "x")
    assert aws("cloudformation", "delete-stack", "--stack-name", "cli")[0] == 0
    assert aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", described["StackId"])[0] == 0


def test_aws_cloudformation_deploy_says_what_capability_is_missing(aws: object, tmp_path: Path) -> None:
    assert callable(aws)
    file = tmp_path / "template.json"
    properties = {"RoleName": "n", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}
    file.write_text(template({"R": {"Type": "AWS::IAM::Role", "Properties": properties}}))
    status, _, errors = aws("cloudformation", "deploy", "--stack-name", "cli", "--template-file", str(file))
    assert status != 0
    assert "InsufficientCapabilitiesException" in errors
    assert "Requires capabilities : [CAPABILITY_NAMED_IAM]" in errors
