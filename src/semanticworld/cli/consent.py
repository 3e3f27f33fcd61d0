"""The user's yes, on a terminal."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Callable
from typing import TextIO

from semanticworld.cli.terminal import Terminal
from semanticworld.core.text import safe, safe_line
from semanticworld.errors import Refused
from semanticworld.model.question import Question

_YES = frozenset({"y", "yes"})
_NO = frozenset({"", "n", "no"})
_TRIES = 3


class TerminalConsent:
    """Asks on stderr and reads stdin; `--yes` answers what it may, `--confirm WORD` what WORD is to be typed for; without a terminal a question is a refusal."""

    def __init__(
        self,
        terminal: Terminal,
        *,
        yes: bool,
        given: frozenset[str],
        confirmed: frozenset[str] = frozenset(),
        before: Callable[[], None],
    ) -> None:
        """`given` are the options on the command line, `confirmed` the words of --confirm; `before` quiets the live progress."""
        self._confirmed = confirmed
        self._terminal = terminal
        self._yes = yes
        self._given = given
        self._before = before

    def ask(self, question: Question) -> bool:
        """True for yes. Raises Refused (CFG092) when nobody can be asked."""
        if self._yes and (question.yes_suffices or (question.named_option or "") in self._given):
            return True
        if question.expects is not None and question.expects in self._confirmed:
            return True
        if not self._terminal.can_ask:
            raise self._nobody(question)
        self._before()
        err = self._terminal.stderr
        for consequence in question.consequences:
            err.write(f"  - {safe_line(consequence)}\n")
        return self._typed(question) if question.expects is not None else self._yes_or_no(question)

    def _yes_or_no(self, question: Question) -> bool:
        for _ in range(_TRIES):
            answer = self._read(f"{safe(question.text)} [y/N] ", question)
            if answer.lower() in _YES | _NO:
                return answer.lower() in _YES
            self._terminal.stderr.write("please answer yes or no\n")
        return False

    def _typed(self, question: Question) -> bool:
        expected = question.expects or ""
        return self._read(f"{safe(question.text)} Type {safe_line(expected)} to go on: ", question) == expected

    def _read(self, prompt: str, question: Question) -> str:
        self._terminal.stderr.write(prompt)
        self._terminal.stderr.flush()
        _forget_typed_ahead(self._terminal.stdin)
        try:
            line = self._terminal.stdin.readline()
        except KeyboardInterrupt:
            self._terminal.stderr.write("\n")  # the terminal has shown ^C behind the question
            raise
        if not line:  # the end of the input, not an empty line
            self._terminal.stderr.write("\n")
            raise self._nobody(question)
        return line.strip()

    def _nobody(self, question: Question) -> Refused:
        text = safe_line(question.text)
        ways = []
        if question.yes_suffices:
            ways.append("--yes")
        elif question.named_option:
            ways.append(f"--yes {question.named_option}")
        if question.expects is not None:
            ways.append(f"--confirm {shlex.quote(safe_line(question.expects))}")
        hint = f"say it with {' or '.join(ways)}, or run it on a terminal" if ways else "run it on a terminal"
        why = f"--yes alone does not answer {text!r}" if self._yes else f"there is no terminal to ask {text!r} on"
        return Refused("a question was left without an answer", why=why, hint=hint, code="CFG092")


def _forget_typed_ahead(stdin: TextIO) -> None:
    """What was typed before the question was read cannot be an answer to it."""
    import termios  # noqa: PLC0415 - only a question pays for it

    with contextlib.suppress(OSError, ValueError, termios.error):
        termios.tcflush(stdin.fileno(), termios.TCIFLUSH)
