"""PyYAML's own parser, for installations of it that were built without libyaml."""

from __future__ import annotations

from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner


class PureEvents(Reader, Scanner, Parser):
    """The events of a YAML text, as yaml.cyaml.CParser gives them, about fifty times slower."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
