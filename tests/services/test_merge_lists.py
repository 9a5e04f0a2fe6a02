"""Several passenger-list files become one list: by the set of the files, whatever their order and however often."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from list_messages import FLIGHT, message

from fairgate.errors import InputRefused, PapersError
from fairgate.papers.paxlst.reader import read_passenger_list
from fairgate.services.gallery_from_lists import Place, gallery_from_lists
from fairgate.services.merge_lists import ListFile, MergedLists, merged_lists, require_somebody

ON = date(2026, 11, 22)


def merged(*contents: bytes) -> MergedLists:
    """Merge files with names of their own."""
    return merged_lists([ListFile(f"{place}.edi", content) for place, content in enumerate(contents)], on=ON)


def names(found: MergedLists) -> dict[str, str]:
    """Return who is on the one list, by reference."""
    (one,) = found.flights
    return {person.traveller.passenger_ref: person.traveller.given_names for person in one.listed.people}


def staged(found: MergedLists) -> None:
    """Ask for a gallery without a name."""
    gallery_from_lists(
        found, Place(), pack_digest="a" * 64, rulebook_sha256="b" * 64, now=datetime(2026, 11, 22, tzinfo=UTC)
    )


LIST = message(0, "", "FL:A", "FL:B", "FL:C", "FM:P")
ADDITION = message(1, "CP", "FL:D")
CANCELLATION = message(2, "XR", "FL:B")


def test_one_plain_list_is_staged_as_it_stands() -> None:
    """The list as read, and the digest of its bytes; the same file named twice is one."""
    for given_files in ((LIST,), (LIST, LIST)):
        found = merged(*given_files)
        assert found.flights[0].listed == read_passenger_list(LIST, on=ON)
        assert found.sha256 == hashlib.sha256(LIST).hexdigest()


def test_messages_add_and_cancel_and_references_stay() -> None:
    """Who was cancelled is not listed, and nobody takes their reference."""
    assert names(merged(LIST, ADDITION, CANCELLATION)) == {"P0001": "A", "P0003": "C", "P0004": "P", "P0005": "D"}


def test_several_messages_in_one_file_are_applied_too() -> None:
    """An interchange with a list and its cancellations is no longer refused."""
    inside = [one.split(b"APIS'")[1].split(b"UNZ")[0].replace(b"M2", b"M3") for one in (LIST, CANCELLATION)]
    together = LIST.split(b"UNH")[0] + b"".join(inside) + b"UNZ+2+I0'"
    found = merged(together)
    assert list(names(found).values()) == ["A", "C", "P"]
    assert found.sha256 == hashlib.sha256(together).hexdigest()


def test_the_digest_of_a_set_can_be_made_with_sha256sum() -> None:
    """``sha256sum FILE… | cut -c1-64 | sort -u | sha256sum``."""
    digests = sorted(hashlib.sha256(one).hexdigest() for one in (LIST, ADDITION))
    assert merged(LIST, ADDITION).sha256 == hashlib.sha256("".join(f"{one}\n" for one in digests).encode()).hexdigest()
    assert merged(LIST, ADDITION).sha256 != merged(LIST, ADDITION, CANCELLATION).sha256


def test_after_close_out_those_on_board_are_listed() -> None:
    """They are who arrives."""
    assert list(names(merged(LIST, message(3, "CLOB", "FL:A", "FL:C"))).values()) == ["A", "C", "P"]


def test_several_flights_are_named() -> None:
    """One clear error, without anybody's name, and not without end."""
    other = message(4, "", "FL:A", flight=FLIGHT.replace("0420", "0421"))
    with pytest.raises(InputRefused, match=r"2 flights: FG420 BOS 2026-11-22, FG421 BOS 2026-11-22\."):
        staged(merged(LIST, other))
    many = [message(one, "", "FL:A", flight=FLIGHT.replace("0420", f"{500 + one}")) for one in range(7)]
    with pytest.raises(InputRefused, match=r"and 2 more"):
        staged(merged(*many))


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (message(5, "XF"), "FG420 BOS 2026-11-22 is cancelled"),
        (message(5, "XR", "FL:A", "FL:B", "FL:C"), "No passenger is left on FG420 BOS 2026-11-22"),
        (message(5, "CLNB", "FL:A", "FL:B", "FL:C"), "No passenger is left"),
    ],
)
def test_a_flight_without_passengers_is_refused(last: bytes, words: str) -> None:
    """Cancelled as a whole, or one by one, or all left behind; crew alone are no reason to stage."""
    with pytest.raises(InputRefused, match=words):
        require_somebody(merged(LIST, last))


def test_the_file_that_cannot_be_read_is_named() -> None:
    """Of several; a single one needs no name."""
    with pytest.raises(PapersError, match=r"^1\.edi: ") as refused:
        merged(LIST, b"hello")
    assert refused.value.position is not None
    with pytest.raises(PapersError) as alone:
        merged(b"hello")
    assert "edi" not in alone.value.public_text


FILES = st.lists(
    st.builds(
        lambda minute, function, people: message(minute, function, *people),
        st.integers(0, 4),
        st.sampled_from(["", "CP", "XR", "C", "CLOB"]),
        st.lists(st.sampled_from(["FL:A", "FL:B", "FL:C", "FL:D", "FM:P"]), min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@given(FILES, st.data())
@settings(deadline=None, max_examples=150)
def test_the_list_is_a_function_of_the_set_of_files(files: list[bytes], data: st.DataObject) -> None:
    """People, references, findings and digest are the same for every order and with every file repeated."""
    again = data.draw(st.permutations([*files, *data.draw(st.lists(st.sampled_from(files), max_size=3))]))
    assert outcome(again) == outcome(files)


def outcome(files: list[bytes]) -> MergedLists | str:
    """Return the lists, or why there are none."""
    try:
        return merged(*files)
    except InputRefused as refused:
        return refused.public_text.partition(": ")[2] or refused.public_text
