"""Which images to compare: a table of pairs, or a folder of people; nothing outside it, nothing missing unsaid."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairgate.errors import InputRefused, TableRefused
from fairgate.outside.image_pairs import ImagePairs, read_image_pairs

Table = Callable[..., ImagePairs]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Write lines to a table beside the images a.jpg, b.jpg and c/d.jpg, and read it."""
    (tmp_path / "c").mkdir()
    for name in ("a.jpg", "b.jpg", "c/d.jpg"):
        (tmp_path / name).write_bytes(b"x")

    def read(*lines: str) -> ImagePairs:
        path = tmp_path / "pairs.csv"
        path.write_text("\n".join(lines) + "\n")
        return read_image_pairs(path)

    return read


def test_a_table_names_each_image_once(table: Table, tmp_path: Path) -> None:
    """Pairs refer to images by their place."""
    pairs = table("probe,reference,mated", "a.jpg,b.jpg,yes", "c/d.jpg,./b.jpg,0", "b.jpg,a.jpg,1")
    assert [image.name for image in pairs.images] == ["a.jpg", "b.jpg", "c/d.jpg"]
    assert pairs.images[2].path == tmp_path / "c" / "d.jpg"
    assert pairs.images[2].folder == tmp_path
    assert pairs.probe.tolist() == [0, 2, 1]
    assert pairs.reference.tolist() == [1, 1, 0]
    assert pairs.mated.tolist() == [True, False, True]
    assert pairs.probe_subject is None


def test_people_and_groups(table: Table) -> None:
    """People tell who is mated; a group that only one side states is unknown on the other."""
    pairs = table("probe,reference,probe_subject,reference_subject,probe_group_sex", "a.jpg,b.jpg,ann,bob,f")
    assert pairs.mated.tolist() == [False]
    assert pairs.probe_subject == ["ann"]
    assert pairs.groups == {"sex": (["f"], [""])}


def test_an_unknown_column_is_noted(table: Table) -> None:
    """With the one that was meant."""
    pairs = table("probe,reference,mated,probe_subjct", "a.jpg,b.jpg,1,x")
    assert pairs.notes == (
        "The column probe_subjct is not one that is known, and was not read. Was probe_subject meant?",
    )


REFUSED = [
    (("probe,mated", "a.jpg,1"), "column reference is missing"),
    (("probe,reference", "a.jpg,b.jpg"), "nothing says which pairs are mated"),
    (("probe,reference,mated,mated", "a.jpg,b.jpg,1,1"), "comes twice"),
    (("probe,reference,mated",), "names no pair"),
    (("probe,reference,mated", "a.jpg,b.jpg,perhaps"), "line 2: mated is not"),
    (("probe,reference,mated", "a.jpg,b.jpg,"), "line 2: nothing says"),
    (("probe,reference,mated,probe_subject,reference_subject", "a.jpg,b.jpg,1,x,y"), "line 2: mated contradicts"),
    (("probe,reference,mated", "a.jpg,a.jpg,1"), "line 2: an image is compared with itself"),
    (("probe,reference,mated", "a.jpg,b.jpg,1", "a.jpg,b.jpg,1"), "line 3: line 2 compares the same"),
    (("probe,reference,mated", "../a.jpg,b.jpg,1", "/a.jpg,b.jpg,1"), "line 2: the file lies outside .* 1 more row"),
    (("probe,reference,mated", "a.jpg,b.jpg"), "line 2: 2 fields"),
    (("probe,reference,mated", "x.jpg,b.jpg,1", "y.jpg,a.jpg,1"), r"2 of 4 images are not there: x\.jpg, y\.jpg"),
    (('probe,"reference,mated', "a.jpg,b.jpg,1"), "quotation marks"),
]


@pytest.mark.parametrize(("lines", "text"), REFUSED)
def test_a_table_that_cannot_be_used_is_refused(table: Table, lines: tuple[str, ...], text: str) -> None:
    """With one error that names the line."""
    with pytest.raises(TableRefused, match=text):
        table(*lines)


def test_a_link_out_of_the_folder_is_missing(
    table: Table, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As if the file were not there."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "z.jpg"
    elsewhere.write_bytes(b"x")
    (tmp_path / "z.jpg").symlink_to(elsewhere)
    with pytest.raises(TableRefused, match=r"1 of 2 images are not there: z\.jpg"):
        table("probe,reference,mated", "a.jpg,z.jpg,1")


def test_a_folder_compares_every_image_with_every_other(tmp_path: Path) -> None:
    """Subfolders are people; other files do not count."""
    for name in ("ann/1.jpg", "ann/2.PNG", "bob/1.jpg", "bob/notes.txt", "ann/.hidden.jpg", "loose.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    pairs = read_image_pairs(tmp_path)
    assert [image.name for image in pairs.images] == ["ann/1.jpg", "ann/2.PNG", "bob/1.jpg"]
    assert list(zip(pairs.probe.tolist(), pairs.reference.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 2)]
    assert pairs.mated.tolist() == [True, False, False]
    assert pairs.reference_subject == ["ann", "bob", "bob"]


def test_a_folder_without_people_is_refused(tmp_path: Path) -> None:
    """So is a path to nothing."""
    with pytest.raises(TableRefused, match="one subfolder for each person"):
        read_image_pairs(tmp_path)
    with pytest.raises(TableRefused, match="cannot be read"):
        read_image_pairs(tmp_path / "none")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=120), header=st.sampled_from([b"", b"probe,reference,mated\n", b"probe,reference\n"]))
def test_random_bytes_raise_nothing_else(tmp_path: Path, content: bytes, header: bytes) -> None:
    """They name no image that is there."""
    path = tmp_path / "pairs.csv"
    path.write_bytes(header + content)
    with pytest.raises(InputRefused):
        read_image_pairs(path)
