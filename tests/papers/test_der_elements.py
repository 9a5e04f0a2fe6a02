"""Reading BER and writing DER: bounded, exact, and never another exception."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import PapersError
from fairgate.papers.der import values, writing
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.tlv import DEEPEST, Element, only_element


def _read(content: bytes) -> tuple[Element, ChipFindings]:
    findings = ChipFindings("test")
    return only_element(content, findings), findings


def _walk(element: Element) -> int:
    """Read everything below an element."""
    return 1 + sum(_walk(child) for child in element.children()) if element.constructed else 1


@given(st.integers(-(2**600), 2**600))
def test_integers_read_as_written(value: int) -> None:
    """In their fewest octets, with nothing to find."""
    element, findings = _read(writing.integer(value))
    assert values.integer(element) == value
    assert findings.collected() == ()


@given(st.lists(st.integers(0, 2**70), min_size=1, max_size=8), st.integers(0, 2), st.integers(0, 39))
def test_object_identifiers_read_as_written(rest: list[int], first: int, second: int) -> None:
    """Whatever their arcs."""
    dotted = ".".join(map(str, (first, second, *rest)))
    content = writing.object_identifier(dotted)
    if len(content) < 60:
        assert values.object_identifier(_read(content)[0]) == dotted


@given(st.integers(-500_000_000, 5_000_000_000))
def test_times_read_as_written(seconds: int) -> None:
    """Years of two digits up to 2049, of four after it."""
    whole = datetime.fromtimestamp(seconds, UTC)
    element, findings = _read(writing.moment(whole))
    assert values.moment(element) == whole
    assert findings.collected() == ()


@given(st.binary(max_size=300), st.integers(1, 0x1E))
def test_an_element_reads_as_written(content: bytes, number: int) -> None:
    """Tag, content and length, of any length form."""
    for tag in (number, 0x5F00 | number, 0x7F80 << 8 | number):
        element, findings = _read(writing.tlv(tag, content))
        assert (element.tag, element.content, element.end) == (tag, content, len(element.encoded))
        assert findings.collected() == ()


@given(st.binary(max_size=400))
def test_any_bytes_end_in_elements_or_one_error(content: bytes) -> None:
    """The error names a position within the input."""
    position: int | None = 0
    try:
        _walk(_read(content)[0])
    except PapersError as error:
        position = error.position
    assert position is not None
    assert 0 <= position <= len(content)


@given(st.recursive(st.binary(max_size=8), lambda inner: st.lists(inner, max_size=4), max_leaves=20))
def test_an_open_length_reads_as_a_definite_one(tree: object) -> None:
    """And rewriting it gives DER."""

    def definite(node: object) -> bytes:
        if isinstance(node, bytes):
            return writing.octets(node)
        assert isinstance(node, list)
        return writing.sequence(*map(definite, node))

    def opened(node: object) -> bytes:
        if isinstance(node, bytes):
            return writing.octets(node)
        assert isinstance(node, list)
        return b"\x30\x80" + b"".join(map(opened, node)) + b"\x00\x00"

    element, findings = _read(opened(tree))
    assert writing.rewritten(element) == definite(tree)
    if isinstance(tree, list):
        assert ChipFindingCode.INDEFINITE_LENGTH in {finding.code for finding in findings.collected()}


@pytest.mark.parametrize("opening", [b"\x30\x80", b"\x30\x84\x00\x10\x00\x00"])
def test_deep_nesting_is_refused(opening: bytes) -> None:
    """Neither the stack nor the time of reading grows with it."""
    content = opening * 100_000 + bytes(2 * 1024 * 1024)
    with pytest.raises(PapersError):
        _walk(_read(content)[0])
    nested = b""
    for _ in range(DEEPEST + 2):
        nested = writing.sequence(nested)
    with pytest.raises(PapersError, match="deep"):
        _walk(_read(nested)[0])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x04\x81\x01\x00", ChipFindingCode.NON_MINIMAL_LENGTH),
        (b"\x04\x82\x00\x80" + bytes(128), ChipFindingCode.NON_MINIMAL_LENGTH),
        (b"\x04\x01\x00\x00", ChipFindingCode.TRAILING_BYTES),
        (b"\x24\x80\x04\x00\x00\x00", ChipFindingCode.INDEFINITE_LENGTH),
    ],
)
def test_what_der_forbids_is_noted(content: bytes, code: ChipFindingCode) -> None:
    """And read."""
    assert code in {finding.code for finding in _read(content)[1].collected()}


@pytest.mark.parametrize(
    "content",
    [b"", b"\x30", b"\x30\x05\x00", b"\x04\x80\x00\x00", b"\x1f\xff\xff\xff\xff\x01\x00", b"\x30\x89" + bytes(9)],
)
def test_what_cannot_be_read_is_refused(content: bytes) -> None:
    """Cut short, of open length though primitive, or with an endless tag or length."""
    with pytest.raises(PapersError):
        _read(content)


def test_values_of_the_wrong_form_are_refused() -> None:
    """Each by the reader of its type."""
    for reader, content in (
        (values.integer, b"\x02\x00"),
        (values.boolean, b"\x01\x02\x00\x00"),
        (values.object_identifier, b"\x06\x01\x80"),
        (values.bits, b"\x03\x02\x01\x00"),
        (values.moment, b"\x17\x0d991332000000Z"),
        (values.moment, b"\x17\x0b2606010000Z"[:2] + b"2606010000+"),
        (values.octets, b"\x02\x01\x00"),
        (values.text, b"\x02\x01\x00"),
        (values.named_bits, b"\x03\x01\x09"),
    ):
        with pytest.raises(PapersError):
            reader(_read(content)[0])
