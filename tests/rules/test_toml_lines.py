"""Where tables and keys stand in a TOML text, whatever strings, comments and brackets lie between them."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.rules.toml_lines import Path, line_numbers, line_of

TRICKY = '''# title = "in a comment"
title = "a # is no comment here" # but this is
"quoted key" = 'C:\\new'
words.en = "one"
words . es = "uno"
text = """
[not.a.table]
key = "nor a key" \\"""
still """"
literal = \'\'\'
[[nor]] # this
\'\'\'
list = [
  "[", # ]
  "]",
  { inner = 1 },
]
inline = { a = 1, b = [2, 3] }

  [ state ]
codes = ["]", \'[\', "\\""]

[[rules]]
id = "first"
[rules.who]
status = 1
[[rules]]
id = "second"
[[rules.parts]]
name = "x"
[[rules.parts]]
name = "y"
[a."b.c".d]
e = 1979-05-27T07:32:00Z
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("title",), 2),
        (("quoted key",), 3),
        (("words",), 4),
        (("words", "en"), 4),
        (("words", "es"), 5),
        (("text",), 6),
        (("literal",), 10),
        (("list",), 13),
        (("inline",), 18),
        (("inline", "a"), 18),
        (("state",), 20),
        (("state", "codes"), 21),
        (("rules",), 23),
        (("rules", 0), 23),
        (("rules", 0, "id"), 24),
        (("rules", 0, "who"), 25),
        (("rules", 0, "who", "status"), 26),
        (("rules", 1, "id"), 28),
        (("rules", 1, "parts", 0, "name"), 30),
        (("rules", 1, "parts", 1, "name"), 32),
        (("a", "b.c", "d", "e"), 34),
        (("state", "absent"), 20),
        (("absent",), 1),
    ],
)
def test_strings_comments_and_brackets_mislead_nobody(path: Path, line: int) -> None:
    """Every key has its own line; what stands nowhere has that of the nearest thing around it."""
    tomllib.loads(TRICKY)
    assert line_of(line_numbers(TRICKY), path) == line


def test_windows_line_ends_count_once() -> None:
    """A carriage return before the end of a line changes no number."""
    assert dict(line_numbers(TRICKY.replace("\n", "\r\n"))) == dict(line_numbers(TRICKY))


VALUES = st.sampled_from(
    ['"x"', "'['", '"""\n[a]\nb = 1\n"""', "[\n1,\n# ]\n2\n]", "{ c = 1 }", "1", '"\\""', "'''\n'\n'''", '["]"]']
)


@given(st.lists(st.tuples(st.booleans(), VALUES), min_size=1, max_size=8))
@settings(deadline=None)
def test_every_key_that_the_parser_finds_has_the_line_it_was_written_on(entries: list[tuple[bool, str]]) -> None:
    """Whatever the values are, the keys after them are found where they stand."""
    lines: list[str] = []
    expected: dict[Path, int] = {}
    tables = 0
    for number, (starts_table, value) in enumerate(entries):
        if starts_table:
            lines.append("[[t]]  # [[u]]")
            tables += 1
        above: Path = ("t", tables - 1) if tables else ()
        expected[(*above, f"k{number}")] = len(lines) + 1
        lines += f"k{number} = {value} # k = 1".split("\n")
    text = "\n".join(lines)
    tomllib.loads(text)
    found = line_numbers(text)
    assert {path: found[path] for path in expected} == expected
