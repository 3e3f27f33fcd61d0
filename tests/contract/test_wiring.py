from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from semanticworld.errors import UsageError
from semanticworld.local.folder import Folder
from semanticworld.local.record import Record
from semanticworld.model.question import Question
from semanticworld.wiring import Settings, connect

PROBE = """
from semanticworld.errors import SemanticWorldError
from semanticworld.wiring import Settings, connect
class Nobody:
    def ask(self, question):
        return False
try:
    world = connect(Settings({}), consent=Nobody())
    print(world.caller.identity().region)
except SemanticWorldError as error:
    print(error.code, error.what)
"""


class Nobody:
    """Says no."""

    def ask(self, question: Question) -> bool:
        del question
        return False


@pytest.fixture
def home(tmp_path: Path, cache_home: Path) -> Path:
    (tmp_path / "cache").symlink_to(cache_home)
    (tmp_path / "config").write_text(
        "[default]\nregion = eu-west-1\n[profile work]\nregion = us-west-2\n[profile bare]\noutput = json\n"
    )
    return tmp_path


def probe(home: Path, settings: str, embedded: tuple[Folder, Record], environ: Mapping[str, str]) -> str:
    """What a process of its own prints when it connects with these settings."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    own = {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "MANAGE_COMPUTE_STATE": str(embedded[0].root.parent),
        "AWS_CONFIG_FILE": str(home / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": embedded[1].endpoint_url,
    }
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", PROBE.replace("Settings({})", f"Settings({settings})")],
        env={**kept, **own, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


CREDENTIALS = "aws_access_key_id = 123456789012\naws_secret_access_key = test\n"
KEYS = {"AWS_ACCESS_KEY_ID": "123456789012", "AWS_SECRET_ACCESS_KEY": "test"}


@pytest.mark.parametrize(
    ("settings", "environ", "region"),
    [
        ("region='eu-north-1'", {"AWS_REGION": "eu-west-3"}, "eu-north-1"),
        ("", {"AWS_REGION": "eu-west-3", "AWS_DEFAULT_REGION": "eu-south-1"}, "eu-west-3"),
        ("", {"AWS_DEFAULT_REGION": "eu-south-1"}, "eu-south-1"),
        ("", {}, "eu-west-1"),
        ("", {"AWS_PROFILE": "work"}, "us-west-2"),
        ("profile='work'", {}, "us-west-2"),
        ("profile='bare'", {}, "eu-central-1"),
        ("", {"AWS_CONFIG_FILE": os.devnull}, "eu-central-1"),
    ],
)
def test_the_region_is_the_one_named_then_the_environments_then_the_profiles_then_frankfurt(
    home: Path, embedded: tuple[Folder, Record], settings: str, environ: Mapping[str, str], region: str
) -> None:
    if "profile" in f"{settings}{environ}".lower():  # a profile named has to have credentials of its own
        (home / "credentials").write_text(f"[work]\n{CREDENTIALS}[bare]\n{CREDENTIALS}")
        environ = {**environ, "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials")}
    else:
        environ = {**KEYS, **environ}
    assert probe(home, settings, embedded, environ) == region


def test_a_profile_that_assumes_a_role_works_over_the_trimmed_models(
    home: Path, embedded: tuple[Folder, Record]
) -> None:
    (home / "config").write_text(
        "[profile deployer]\nrole_arn = arn:aws:iam::123456789012:role/deployer\nsource_profile = work\nregion = eu-west-1\n"
        f"[profile work]\nregion = eu-west-1\n{CREDENTIALS}"
    )
    assert probe(home, "profile='deployer'", embedded, {}) == "eu-west-1"


@pytest.mark.parametrize(
    ("settings", "environ", "place"),
    [
        (Settings(), {"AWS_ENDPOINT_URL": "no url"}, "AWS_ENDPOINT_URL"),
        (Settings(), {"AWS_ENDPOINT_URL_STS": "http://"}, "AWS_ENDPOINT_URL_STS"),
        (Settings(endpoint_url="http://127.0.0.1:99999"), {}, "--endpoint-url"),
        (Settings(endpoint_url="http://[::1"), {"AWS_ENDPOINT_URL": "no url"}, "--endpoint-url"),
        (Settings(endpoint_url=""), {}, "--endpoint-url"),
    ],
)
def test_what_is_no_endpoint_is_refused_by_the_name_of_what_gave_it(
    settings: Settings, environ: Mapping[str, str], place: str
) -> None:
    with pytest.raises(UsageError) as caught:
        connect(settings, consent=Nobody(), environ=environ)
    assert (caught.value.code, place in caught.value.why) == ("CFG901", True)


def test_a_password_in_an_endpoint_is_not_shown() -> None:
    with pytest.raises(UsageError) as caught:
        connect(Settings(endpoint_url="http://me:geheim@127.0.0.1:99999"), consent=Nobody(), environ={})
    assert "geheim" not in f"{caught.value.what} {caught.value.why} {caught.value.hint}"
    assert "***@127.0.0.1" in caught.value.what


def test_a_profile_that_does_not_exist_is_refused(home: Path, embedded: tuple[Folder, Record]) -> None:
    assert probe(home, "profile='nobody'", embedded, {}) == "LIF905 the AWS profile nobody does not exist"


def test_no_credentials_are_refused_and_the_embedded_cloud_needs_none(
    home: Path, embedded: tuple[Folder, Record]
) -> None:
    assert probe(home, "", embedded, {}) == "LIF901 there are no AWS credentials"
    broken = {"AWS_PROFILE": "nobody", "AWS_ACCESS_KEY_ID": "half", "AWS_USE_FIPS_ENDPOINT": "true"}
    proxied = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    assert probe(home, "local=True", embedded, {**broken, **proxied}) == "eu-central-1"


def test_a_broken_configuration_file_is_refused_by_name(home: Path, embedded: tuple[Folder, Record]) -> None:
    (home / "config").write_text("[default\nregion")
    assert probe(home, "", embedded, KEYS).startswith("LIF909")


def test_local_connects_to_the_embedded_cloud(embedded: tuple[Folder, Record], cache_home: Path) -> None:
    environ = {"MANAGE_COMPUTE_STATE": str(embedded[0].root.parent), "XDG_CACHE_HOME": str(cache_home)}
    world = connect(Settings(local=True), consent=Nobody(), environ=environ)
    assert world.local
    assert world.caller.identity().account == "123456789012"
    assert world.journal.entries(None) == ()


@pytest.mark.parametrize("settings", [Settings(local=True, profile="x"), Settings(local=True, endpoint_url="http://x")])
def test_options_that_contradict_each_other_are_a_usage_error(settings: Settings) -> None:
    with pytest.raises(UsageError) as caught:
        connect(settings, consent=Nobody())
    assert caught.value.code == "CFG902"


def test_an_endpoint_that_is_no_url_is_a_usage_error() -> None:
    with pytest.raises(UsageError) as caught:
        connect(Settings(endpoint_url="localhost:4566"), consent=Nobody())
    assert caught.value.code == "CFG901"


def test_importing_the_composition_root_imports_no_sdk() -> None:
    program = "import sys, semanticworld.wiring; print([name for name in sys.modules if 'boto' in name])"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_region_that_cannot_be_one_is_refused(home: Path, embedded: tuple[Folder, Record]) -> None:
    assert probe(home, "region='not a region'", embedded, KEYS).startswith("LIF907")
