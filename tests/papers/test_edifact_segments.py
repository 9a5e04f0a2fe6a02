"""EDIFACT segments: splitting, releasing, service strings, and the limits that keep hostile input harmless."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydifact.parser import Parser

from fairgate.errors import PapersError
from fairgate.papers.edifact import segments as module
from fairgate.papers.edifact.segments import Segment, segments
from fairgate.papers.edifact.writing import encode, write_segment
from fairgate.papers.findings import FINDINGS_KEPT_PER_CODE, FindingCode, Findings

PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12).map(str.strip)
COMPOSITES = st.lists(PRINTABLE, min_size=1, max_size=4)


def read(content: bytes) -> tuple[list[Segment], list[str]]:
    """Return the segments of an interchange and the codes of what deviates."""
    findings = Findings()
    found = list(segments(content, findings))
    return found, [finding.code for finding in findings.collected()]


def test_elements_and_components_are_told_apart_with_their_positions() -> None:
    """Each segment knows its elements, its byte offset and its number."""
    found, codes = read(b"UNA:+.? 'UNB+UNOA:4+A+B'BGM+745'")
    assert found == [
        Segment("UNB", (("UNOA", "4"), ("A",), ("B",)), 9, 1),
        Segment("BGM", (("745",),), 24, 2),
    ]
    assert codes == []


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"NAD+O?'BRIEN'", (("O'BRIEN",),)),
        (b"NAD+A?+B?:C'", (("A+B:C",),)),
        (b"NAD+A??'", (("A?",),)),
        (b"NAD+A???'B'", (("A?'B",),)),
        (b"NAD+A??+B'", (("A?",), ("B",))),
        (b"NAD+A????:B'", (("A??", "B"),)),
    ],
)
def test_released_characters_are_data(raw: bytes, expected: tuple[tuple[str, ...], ...]) -> None:
    """A release character makes the next one ordinary, itself included."""
    found, _ = read(b"UNB+UNOA:4'" + raw)
    assert found[1].elements == expected


@pytest.mark.parametrize(
    ("service_string", "separators"),
    [
        (b"UNA:+.? '", b":+'"),
        (b"UNA:*.? \r", b":*\r"),
        (b"UNA:*.? \n", b":*\n"),
        (b"UNA|^.! ~", b"|^~"),
        (b"UNA\x1f\x1d.  \x1c", b"\x1f\x1d\x1c"),
        (b"UNA:+.?'", b":+'"),
    ],
)
def test_custom_service_strings_are_followed(service_string: bytes, separators: bytes) -> None:
    """UNA decides the separators, whatever they are, even where it lacks its reserved character."""
    component, element, terminator = (bytes([mark]) for mark in separators)
    body = b"UNB+UNOA:4'BGM+745:X'".replace(b"+", element).replace(b":", component).replace(b"'", terminator)
    found, _ = read(service_string + body)
    assert [segment.elements for segment in found] == [(("UNOA", "4"),), (("745", "X"),)]


@pytest.mark.parametrize("segment", [b"N AD+FL'", b" NAD+FL'", b"\r\nNAD+FL'", b"NAD+FL '", b"NAD\n+FL'", b"NAD:1+FL'"])
def test_a_tag_is_the_same_whatever_stands_around_it(segment: bytes) -> None:
    """White space and nesting marks in or about a tag do not hide what it is, however often it comes."""
    found, _ = read(b"UNA:+.? 'UNB+UNOA:4'" + 2 * segment)
    assert [(one.tag, one.elements) for one in found[1:]] == [("NAD", (("FL",),))] * 2


def test_information_separators_need_no_announcement() -> None:
    """Level B's control characters are recognised without UNA."""
    found, _ = read(b"UNB\x1dUNOB\x1f4\x1cBGM\x1d745\x1c")
    assert found[1].elements == (("745",),)


@pytest.mark.parametrize(
    "una", [b"UNA", b"UNA:+.", b"UNA::.? 'UNB", b"UNAabcdefUNB+", b"UNA: .? 'UNB+", b"UNA:+.+ 'UNB+"]
)
def test_an_unusable_service_string_is_refused(una: bytes) -> None:
    """Separators that cannot be told apart, or too few of them, stop the reading at UNA."""
    with pytest.raises(PapersError) as refused:
        read(una)
    assert refused.value.position == 0


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"hello world", b"\xff\xfeU\x00N\x00B\x00", b"BGM+745'", b"UNBOX+1'"]
)
def test_what_is_no_interchange_is_refused(content: bytes) -> None:
    """Input in which no service segment begins a line is refused."""
    with pytest.raises(PapersError, match="not an EDIFACT interchange"):
        read(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"UNB+UNOA:4'", FindingCode.NO_SERVICE_STRING),
        (b"UNA:*.? 'UNB*UNOA:4'", FindingCode.CUSTOM_SERVICE_STRING),
        (b"UNA:+.?'UNB+UNOA:4'", FindingCode.SHORT_SERVICE_STRING),
        (b"QU LONXX\r\n.FRAYY\r\nUNA:+.? 'UNB+UNOA:4'", FindingCode.LEADING_CONTENT),
        (b"UNA:+.? 'UNB+UNOA:4'UNZ+0+1'13Nov09", FindingCode.TRAILING_CONTENT),
        (b"UNA:+.? 'UNB+UNOA:4'\r\nBGM'", FindingCode.WHITE_SPACE_BETWEEN_SEGMENTS),
        (b"UNA:+.? 'UNB+UN\r\nOA:4'", FindingCode.LINE_BREAK_IN_SEGMENT),
        (b"UNA:+.? 'UNB +UNOA:4'", FindingCode.STRAY_SPACE),
        (b"UNA:+.? 'UNB+UNOA:4 '", FindingCode.STRAY_SPACE),
        (b"UNA:+.? 'UNB+UNOA:4'N AD+FL'", FindingCode.STRAY_SPACE),
        (b"UNA:+.? 'UNB+UNOA:4''BGM'", FindingCode.EMPTY_SEGMENT),
        (b"UNA:+.? 'UNB+UNOA:'", FindingCode.TRAILING_SEPARATOR),
        (b"UNA:+.? 'UNB+UNOA:4+'", FindingCode.TRAILING_SEPARATOR),
        (b"UNA:+.? 'UNB+UNOA:4+A?B'", FindingCode.NEEDLESS_RELEASE),
        (b"UNA:+.? 'UNB+UNOA:4'UNZ+1?", FindingCode.DANGLING_RELEASE),
        (b"UNA:+.? 'UNB+UNOA:4+A\x00B'", FindingCode.CONTROL_CHARACTER),
        (b"UNA:+.? 'UNB+UNOA:4'NAD+Smith'", FindingCode.OUTSIDE_CHARACTER_SET),
        (b"UNA:+.? 'UNB+UNOB:4'NAD+M\xfcller'", FindingCode.OUTSIDE_CHARACTER_SET),
        (b"UNA:+.? 'UNB+UNOZ:4'", FindingCode.UNKNOWN_CHARACTER_SET),
        (b"UNA:+.? 'UNB+UNOA:4'UNZ+0+1", FindingCode.UNTERMINATED_SEGMENT),
        (b"UNA:+.? 'UNB+UNOA:4'NAD+FL+++SMI", FindingCode.TRUNCATED),
    ],
)
def test_each_deviation_is_reported(content: bytes, code: FindingCode) -> None:
    """What the standard does not allow is read all the same, and said."""
    _, codes = read(content)
    assert code in codes


def test_a_segment_that_breaks_off_is_left_out() -> None:
    """Half a name is no name: only a closing segment may lack its terminator."""
    found, _ = read(b"UNB+UNOA:4'NAD+FL+++SMI")
    assert [segment.tag for segment in found] == ["UNB"]


@pytest.mark.parametrize(
    ("level", "raw", "expected"),
    [
        (b"UNOC", b"M\xdcLLER", "MÜLLER"),
        (b"UNOD", b"\xa3UKASZ", "ŁUKASZ"),
        (b"UNOE", b"\xb8\xd2\xd0\xdd", "Иван"),
        (b"UNOW", "ŁÓDŹ".encode(), "ŁÓDŹ"),
        (b"UNOW", "ŠPELA à".encode(), "ŠPELA à"),
        (b"UNOA", "MÜLLER".encode(), "MÜLLER"),
        (b"UNOA", b"M\xdcLLER", "MÜLLER"),
        (b"XXXX", "MÜLLER".encode(), "MÜLLER"),
        (b"UNOC", b"A\x85B", "AB"),
    ],
)
def test_fields_are_decoded_by_the_character_set_or_by_sense(level: bytes, raw: bytes, expected: str) -> None:
    """A name survives a wrong label; invisible characters do not survive at all."""
    found, _ = read(b"UNB+" + level + b":4'NAD+" + raw + b"'")
    assert found[1].get(0) == expected


def test_a_second_interchange_is_refused_where_it_begins() -> None:
    """People of a second list are neither read nor passed over in silence."""
    with pytest.raises(PapersError) as refused:
        read(b"UNB+UNOA:4'UNZ+0+1'\nUNB+UNOA:4'UNZ+0+2'")
    assert refused.value.position == 20


def test_limits_refuse_what_is_too_large() -> None:
    """Size, number of segments and length of a segment are bounded, with the position of the first excess."""
    head = b"UNB+UNOA:4'"
    with pytest.raises(PapersError, match="longer than"):
        read(head + b" " * module.MAX_BYTES)
    with pytest.raises(PapersError, match="more than"):
        read(head + b"'" * (module.MAX_SEGMENTS + 1))
    with pytest.raises(PapersError) as refused:
        read(head + b"?'" * module.MAX_SEGMENT_BYTES)
    assert refused.value.position == len(head)


def test_findings_of_one_kind_are_counted_beyond_a_limit() -> None:
    """A thousand deviations of one kind do not become a thousand findings."""
    findings = Findings()
    list(segments(b"UNA:+.? 'UNB+UNOA:4'" + b"'" * 1000, findings))
    collected = findings.collected()
    assert len(collected) == FINDINGS_KEPT_PER_CODE + 1
    assert "900 more" in collected[-1].text


@pytest.mark.filterwarnings("ignore::Warning")
@given(st.lists(st.lists(COMPOSITES, min_size=1, max_size=4), max_size=5))
@settings(deadline=None)
def test_pydifact_splits_the_same(rows: list[list[list[str]]]) -> None:
    """Another implementation finds the same elements in what ours wrote and reads."""
    written = [write_segment("UNB", ["UNOC", "4"])] + [write_segment("NAD", *row) for row in rows]
    content = encode(written, "UNOC")
    ours = [segment.elements for segment in segments(content, Findings())][1:]
    theirs = [segment.elements for segment in Parser().parse(content.decode("latin-1")) if segment.tag == "NAD"]
    assert [[part[0] if len(part) == 1 else list(part) for part in parts] for parts in ours] == theirs


@given(st.lists(st.lists(COMPOSITES, min_size=1, max_size=4), max_size=5))
@settings(deadline=None)
def test_what_is_written_is_read_back(rows: list[list[list[str]]]) -> None:
    """Any printable text survives writing and reading; only what is empty at an end is dropped."""
    content = encode([write_segment("UNB", ["UNOC", "4"]), *(write_segment("NAD", *row) for row in rows)], "UNOC")
    found, codes = read(content)
    for segment, row in zip(found[1:], rows, strict=True):
        for place, components in enumerate(row):
            assert [segment.get(place, part) for part in range(len(components))] == components
    assert set(codes) <= {FindingCode.OUTSIDE_CHARACTER_SET}


def position_of_refusal(content: bytes) -> int | None:
    """Return where reading was refused; 0 where it was not."""
    try:
        read(content)
    except PapersError as refused:
        return refused.position
    return 0


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_end_in_segments_or_one_refusal(noise: bytes) -> None:
    """Whatever follows a valid beginning, nothing but a PapersError with a position in the input is raised."""
    for content in (noise, b"UNB+UNOA:4'" + noise, b"UNA" + noise, b"UNB+UNOW:4+" + noise + b"'"):
        position = position_of_refusal(content)
        assert position is not None
        assert 0 <= position <= len(content)


@pytest.mark.parametrize("text", [" A", "A ", "A\nB", "A\u200bB", "\u202eA", "A\x00"])
def test_the_writer_refuses_what_a_reader_would_change(text: str) -> None:
    """Outer spaces and invisible characters are not written."""
    with pytest.raises(PapersError):
        write_segment("NAD", text)
