"""The printed scripts, in the shells that are installed."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from semanticworld.cli.completion import script
from stage import Stage


def completed(line: str, program: str = "manage-compute") -> set[str]:
    words = line.split(" ")
    quoted = " ".join(f"'{word}'" for word in words)
    function = "_" + program.replace("-", "_")
    run = subprocess.run(
        [
            "bash",
            "--norc",
            "-euc",
            f"{script('bash')}\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; {function}; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("manage-compute cre", {"create"}),
        ("manage-compute create d", {"dev"}),
        ("manage-compute dev d", {"delete", "dev"}),
        ("manage-compute create dev --inst", {"--instance-type"}),
        ("manage-compute status --dry", set()),
        ("manage-compute create --subnet ", {"private-1", "private-2", "auto"}),
        ("manage-compute create --output = y", {"yaml"}),
        ("manage-compute --output j", {"json"}),
        ("manage-compute completion z", {"zsh"}),
        ("manage-compute local st", {"start", "stop", "status"}),
        ("manage-compute help val", {"validate"}),
    ],
)
def test_bash_completes_commands_environments_options_and_values(line: str, expected: set[str]) -> None:
    assert completed(line) == expected


def test_the_networks_program_is_covered_too() -> None:
    assert completed("manage-networking hist", "manage-networking") == set()
    assert completed("manage-networking outp", "manage-networking") == {"outputs"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_that_is_here_reads_its_script(shell: str, stage: Stage) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    run = stage.run("completion", shell)
    checked = subprocess.run([shell, "-n"], input=run.out, capture_output=True, text=True, check=False)
    assert (run.status, checked.returncode, checked.stderr) == (0, 0, "")


def test_every_script_names_every_command_and_option() -> None:
    from semanticworld.cli.programs import COMPUTE  # noqa: PLC0415 - used here only

    for shell in ("bash", "zsh", "fish"):
        text = script(shell)
        for command in COMPUTE.commands:
            assert command.name in text
            for option in command.options:
                assert option.name.removeprefix("--") in text
