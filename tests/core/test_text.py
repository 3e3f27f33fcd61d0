from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from semanticworld.core.nearest import nearest, suggestion
from semanticworld.core.text import safe, safe_line


@given(st.text(st.characters()))
def test_nothing_that_steers_is_left(text: str) -> None:
    assert not [
        character
        for character in safe(text)
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t"
    ]
    assert not set(safe_line(text)) & {"\n", "\t", "\r", "\x1b"}


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_what_people_write_is_left_alone(text: str) -> None:
    assert safe(text) == text


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert safe(safe(text)) == safe(text)


def test_lines_and_tabs_become_spaces_on_one_line() -> None:
    assert safe_line("a\nb\tc") == "a b c"


def test_the_nearest_word_is_found_or_none() -> None:
    assert nearest("creat", ["create", "delete"]) == "create"
    assert nearest("INSTANCETYPE", ["InstanceType"]) == "InstanceType"
    assert nearest("zzz", ["create"]) is None
    assert suggestion("zzz", ["create"], otherwise="help") == "help"
