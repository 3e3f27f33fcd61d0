from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semanticworld.cli.parse import parse
from semanticworld.cli.programs import COMPUTE, NETWORKING
from semanticworld.errors import UsageError


def test_words_may_stand_in_any_order() -> None:
    parts = (["create"], ["dev"], ["--instance-type", "g5.xlarge"], ["--local"])
    meanings = {
        (found.command.name, found.environment, found.text("--instance-type"), found.flag("--local"))
        for order in itertools.permutations(parts)
        for found in [parse(COMPUTE, list(itertools.chain(*order)))]
    }
    assert meanings == {("create", "dev", "g5.xlarge", True)}


def test_both_forms_of_an_option_mean_the_same() -> None:
    assert parse(COMPUTE, ["status", "--output=json"]).options == parse(COMPUTE, ["status", "--output", "json"]).options


@pytest.mark.parametrize(
    ("argv", "code", "hint"),
    [
        (["creat", "dev"], "CFG001", "did you mean create?"),
        (["dev"], "CFG001", "status dev"),
        (["connect", "dev"], "CFG001", "help"),
        (["create"], "CFG002", "create dev"),
        (["create", "prd"], "CFG002", "did you mean prod?"),
        (["create", "dev", "--lokal"], "CFG003", "did you mean --local?"),
        (["status", "dev", "--dry-run"], "CFG003", "help status"),
        (["history", "--region", "eu-west-1"], "CFG003", "help history"),
        (["create", "dev", "--subnet", "private-3"], "CFG004", "did you mean private-"),
        (["create", "dev", "--timeout", "10"], "CFG004", "10m"),
        (["create", "dev", "--timeout=0s"], "CFG004", "10m"),
        (["create", "dev", "--storage-size", "-5"], "CFG004", "100"),
        (["create", "dev", "--storage-size", "٥٠"], "CFG004", "100"),
        (["create", "dev", "--parameters"], "CFG004", "help"),
        (["create", "dev", "--parameters", "--yes"], "CFG004", "help"),
        (["create", "dev", "--parameters="], "CFG004", "help"),
        (["create", "dev", "--yes=no"], "CFG004", "help"),
        (["create", "dev", "--yes", "--yes"], "CFG005", "help"),
        (["create", "dev", "--region", "a", "--region=b"], "CFG005", "help"),
        (["create", "dev", "--quiet", "--verbose"], "CFG005", "leave out"),
        (["create", "dev", "--no-wait", "--timeout", "5m"], "CFG005", "leave out"),
        (["create", "dev", "--local", "--endpoint-url", "http://127.0.0.1:1"], "CFG005", "leave out"),
        (["create", "dev", "prod"], "CFG006", "help create"),
        (["create", "dev", "--", "ls"], "CFG006", "help create"),
        (["local"], "CFG006", "help local"),
        (["local", "strat"], "CFG006", "did you mean start?"),
        (["completion", "fisch"], "CFG006", "did you mean fish?"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_way_on(argv: list[str], code: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(COMPUTE, argv)
    assert caught.value.code == code
    assert hint in caught.value.hint


def test_the_network_has_no_node_options() -> None:
    with pytest.raises(UsageError) as caught:
        parse(NETWORKING, ["create", "dev", "--instance-type", "g5.xlarge"])
    assert caught.value.code == "CFG003"


def test_the_variable_counts_as_local_only_where_a_command_takes_it() -> None:
    assert parse(COMPUTE, ["create", "dev"], local_by_environment=True).flag("--local")
    assert parse(COMPUTE, ["history"], local_by_environment=True).flag("--local")
    assert not parse(COMPUTE, ["local", "status"], local_by_environment=True).flag("--local")


def test_the_variable_and_a_real_account_contradict_each_other() -> None:
    with pytest.raises(UsageError, match="--profile"):
        parse(COMPUTE, ["create", "dev", "--profile", "work"], local_by_environment=True)


def test_a_help_flag_anywhere_explains_the_command() -> None:
    found = parse(COMPUTE, ["create", "--dry-run", "-h"])
    assert found.wants_help
    assert found.command.name == "create"


@given(
    st.lists(
        st.text(max_size=12) | st.sampled_from(["create", "dev", "--output", "json", "--", "--yes", "-h"]), max_size=6
    )
)
def test_any_words_are_understood_or_refused(argv: list[str]) -> None:
    try:
        parse(COMPUTE, argv)
    except UsageError as error:
        assert error.code.startswith("CFG00")
        assert error.hint
