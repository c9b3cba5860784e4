"""What the command prints: control characters are escaped, and its own colors are not."""

import json
import sys
from io import StringIO

import pytest
from generator.conftest import Overture

from overture.commands.differences import print_unified
from overture.terminal import EscapedStream


class Terminal(StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


class TestControlCharacters:
    def test_of_arguments_are_escaped(self, overture: Overture) -> None:
        done = overture("check", "--project", "/\x1b[2J\x9b\u202e")
        assert r"\u001b[2J\u009b\u202e" in done.err
        assert "\x1b" not in done.err

    def test_leave_json_valid(self, overture: Overture) -> None:
        done = overture("check", "--project", "/\x1b\x9b", "--json")
        assert r"\u001b\u009b" in done.out
        assert "\x1b\x9b" in json.loads(done.out)["error"]["message"]

    def test_of_a_difference_are_escaped_and_colors_are_not(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        terminal = Terminal()
        monkeypatch.setattr(sys, "stdout", EscapedStream(terminal))
        print_unified("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+\x1b[8mnew")
        shown = terminal.getvalue()
        assert r"\u001b[8mnew" in shown
        assert "\x1b[32m" in shown
