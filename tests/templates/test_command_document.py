"""The command document: arguments come back byte for byte, whatever they hold, and nothing of them is ever a script."""

from __future__ import annotations

import base64
import json
import os
import pwd
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from template_gate.worlds import parameter_file, template, world

HOSTILE = (
    "plain", "", " ", "two words", "a'b", 'a"b', "a`id`b", "$(id)", "${HOME}", "$HOME", "; id", "&& id", "| id", "> /tmp/x", "< /etc/passwd",
    "a\nb", "a\tb", "a\r\nb", "\\", "\\n", "--", "-rf", "--help", "*", "?", "[a-z]", "~", "!", "#", "%s%n", "{{ Argv }}", "{{", "}}",
    "{{ssm:secret}}", "é", "日本語", "\u202eabc", "\x1b[31m", "\x07", "\x01", "PYTHON", "'; import os; os.system('id') #", "a" * 5000,
)  # fmt: skip


def document() -> Any:  # noqa: ANN401 - a document is what it is
    resources = world("base", "dev", template("base"), parameter_file("base", "dev")).resources
    return resources["CommandDocument"]["Properties"]["Content"]


def parameters() -> Any:  # noqa: ANN401 - the same
    return document()["parameters"]


def script() -> str:
    (line,) = document()["mainSteps"][0]["inputs"]["runCommand"]
    return str(line)


def encoded(argv: object) -> str:
    return base64.b64encode(json.dumps(argv).encode()).decode()


def run(argv64: str, *, folder: str = "-", user: str | None = None) -> subprocess.CompletedProcess[str]:
    name = user or pwd.getpwuid(os.getuid()).pw_name
    environment = {"PATH": os.environ["PATH"], "SSM_Argv": argv64, "SSM_RunAs": name, "SSM_Directory": folder}
    text = script().replace("/usr/bin/python3", shlex.quote(sys.executable))
    return subprocess.run(  # noqa: S603 - the script under test
        ["/bin/sh", "-c", text], env=environment, capture_output=True, text=True, check=False, timeout=20
    )


def show() -> list[str]:
    return [sys.executable, "-c", "import json, sys; sys.stdout.write(json.dumps(sys.argv[1:]))"]


def test_hostile_arguments_come_back_verbatim() -> None:
    answer = run(encoded([*show(), *HOSTILE]))
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == list(HOSTILE)


def test_every_hostile_argument_fits_the_allowed_pattern() -> None:
    pattern = parameters()["Argv"]["allowedPattern"]
    assert all(re.fullmatch(pattern, encoded(["echo", text])) for text in HOSTILE)


@pytest.mark.parametrize("text", ["$(id)", "a;b", "a b", "'", '"', "`id`", "{{ x }}", "a\nb", "", "="])
def test_what_is_no_base64_does_not_pass_the_patterns(text: str) -> None:
    for name in ("Argv", "Directory"):
        assert re.fullmatch(parameters()[name]["allowedPattern"], text) is None


def test_free_text_reaches_the_script_as_variables_only() -> None:
    free = {name: declared for name, declared in parameters().items() if name != "TimeoutSeconds"}
    assert all(declared["interpolationType"] == "ENV_VAR" for declared in free.values())
    assert all(declared["allowedPattern"].startswith("^") for declared in parameters().values())
    assert "{{" not in script()
    assert document()["schemaVersion"] == "2.2"


def test_the_exit_status_and_the_folder_are_the_programs_own(tmp_path: Path) -> None:
    code = "import os, sys; print(os.getcwd()); sys.exit(37)"
    answer = run(encoded([sys.executable, "-c", code]), folder=base64.b64encode(str(tmp_path).encode()).decode())
    assert (answer.returncode, answer.stdout.strip()) == (37, str(tmp_path))


def test_the_program_sees_no_variables_of_ours_and_no_input() -> None:
    code = "import os, sys; print([k for k in os.environ if k.startswith('SSM_')], repr(sys.stdin.read()))"
    assert run(encoded([sys.executable, "-c", code])).stdout.strip() == "[] ''"


@pytest.mark.parametrize(
    ("argv64", "words"),
    [
        (encoded("echo"), "no list of strings"),
        (encoded([]), "no list of strings"),
        (encoded(["a", 1]), "no list of strings"),
        (encoded(["a\0b"]), "no list of strings"),
        ("????", ""),
        ("{{ Argv }}", "too old"),
        ("", "too old"),
    ],
)
def test_anything_else_is_refused(argv64: str, words: str) -> None:
    answer = run(argv64)
    assert answer.returncode == 1
    assert answer.stderr.startswith("exec: ")
    assert words in answer.stderr


def test_a_missing_program_and_a_missing_user_are_told_apart() -> None:
    assert run(encoded(["/no/such/program"])).returncode == 127
    assert run(encoded(["/etc"])).returncode == 126
    assert run(encoded(["true"]), user="no-such-user-here").returncode == 1


def test_the_shell_part_is_one_exec_of_a_single_quoted_program() -> None:
    head, body, tail = script().partition("-c '")[0], *script().partition("-c '")[2].rsplit("'", 1)
    assert head == "#!/bin/sh\nexec /usr/bin/python3 -I "
    assert "'" not in body
    assert tail.strip() == ""
    compile(body.strip("\n"), "exec", "exec")
