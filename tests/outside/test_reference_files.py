"""Reference photos in a folder or a table: those of each document in order, everything else named."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from fairgate.errors import TableRefused
from fairgate.outside.reference_files import read_references


def test_a_folder_names_documents_by_file_name(tmp_path: Path) -> None:
    """The stem is the document; every kind of photo counts, in any spelling of its suffix."""
    for name in ("UTO-2.PNG", "uto-1.jpg", "D-C01X00T47.jp2"):
        (tmp_path / name).write_bytes(b"x")
    table = read_references(tmp_path)
    assert [(photo.issuer, photo.number, photo.file.name, photo.label) for photo in table.photos] == [
        ("D", "C01X00T47", "D-C01X00T47.jp2", "file 1 of the folder"),
        ("UTO", "2", "UTO-2.PNG", "file 2 of the folder"),
        ("UTO", "1", "uto-1.jpg", "file 3 of the folder"),
    ]
    assert {photo.folder for photo in table.photos} == {tmp_path}
    assert table.deviations == ()


def test_a_folder_may_hold_several_photos_of_a_document(tmp_path: Path) -> None:
    """In order of their numbers, not of their names; a name that says the same number again counts once."""
    for name in (
        "D-1.jpg",
        "D-1-10.jpg",
        "D-1_2.png",
        "d-1-3.JPG",
        "UTO-9_4.jpg",
        "D-1-2.jpg",
        "D-1-02.jpg",
        "D-1-1.jpg",
    ):
        (tmp_path / name).write_bytes(b"x")
    table = read_references(tmp_path)
    assert [(photo.document, photo.position, photo.file.name) for photo in table.photos] == [
        ("D-1", 1, "D-1-1.jpg"),
        ("D-1", 2, "D-1-2.jpg"),
        ("D-1", 3, "d-1-3.JPG"),
        ("D-1", 10, "D-1-10.jpg"),
        ("UTO-9", 4, "UTO-9_4.jpg"),
    ]
    assert {deviation.place: deviation.code for deviation in table.deviations} == {
        "D-1-02.jpg": "row_document",
        "D-1.jpg": "row_repeated",
        "D-1_2.png": "row_repeated",
    }


def test_nothing_in_a_folder_is_skipped_silently(tmp_path: Path) -> None:
    """Other files, folders, pipes, names that are no document, second photos and links out are all named."""
    outside = tmp_path / "outside.jpg"
    outside.write_bytes(b"x")
    folder = tmp_path / "references"
    folder.mkdir()
    for name in ("UTO-1.jpg", "UTO-1.png", "readme.txt", "jane doe.jpg", ".DS_Store"):
        (folder / name).write_bytes(b"x")
    (folder / "UTO-2.jpg").mkdir()
    os.mkfifo(folder / "UTO-3.jpg")
    (folder / "UTO-4.jpg").symlink_to(outside)
    (folder / "UTO-5.jpg").symlink_to("UTO-1.jpg")
    table = read_references(folder)
    assert [photo.file.name for photo in table.photos] == ["UTO-1.jpg", "UTO-5.jpg"]
    assert {deviation.place: deviation.code for deviation in table.deviations} == {
        "UTO-1.png": "row_repeated",
        "readme.txt": "not_a_photo",
        "jane doe.jpg": "row_document",
        ".DS_Store": "not_a_photo",
        "UTO-2.jpg": "not_a_photo",
        "UTO-3.jpg": "not_a_photo",
        "UTO-4.jpg": "row_file",
    }
    assert all("jane" not in deviation.finding for deviation in table.deviations)
    assert table.deviations[0].finding.startswith("not_a_photo: file 1 of the folder: it is no file ending in .jpg")


def test_a_table_names_files_beside_it(tmp_path: Path) -> None:
    """Issuer and number make the document; paths hold from the table's folder; bad rows are named by line."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"x")
    (tmp_path / "up").symlink_to(tmp_path.parent)
    path = tmp_path / "references.csv"
    path.write_text(
        "number,issuer,file\nl898902c,uto,photos/a.jpg\n1,UTO,../a.jpg\n2,UTO,up/a.jpg\n,UTO,b.jpg\n3,UTOPIA,c.jpg\n"
        "L898902C,UTO,b.jpg\nL898902C,UTO,b.jpg\n4,UTO,gone.jpg\n",
        encoding="utf-8",
    )
    table = read_references(path)
    assert [(photo.document, photo.file, photo.label) for photo in table.photos] == [
        ("UTO-L898902C", tmp_path / "photos" / "a.jpg", "references.csv line 2"),
        ("UTO-L898902C", tmp_path / "b.jpg", "references.csv line 7"),
        ("UTO-4", tmp_path / "gone.jpg", "references.csv line 9"),  # its absence shows when it is read
    ]
    assert [(deviation.place, deviation.code) for deviation in table.deviations] == [
        ("references.csv line 3", "row_file"),
        ("references.csv line 4", "row_file"),
        ("references.csv line 5", "row_document"),
        ("references.csv line 6", "row_document"),
        ("references.csv line 8", "row_repeated"),
    ]


def test_neither_folder_nor_table_is_refused(tmp_path: Path) -> None:
    """What does not exist, or has another header, is one sentence."""
    with pytest.raises(TableRefused, match="there is no such file"):
        read_references(tmp_path / "absent")
    (tmp_path / "other.csv").write_text("name,photo\n", encoding="utf-8")
    with pytest.raises(TableRefused, match="the column file is missing") as refused:
        read_references(tmp_path / "other.csv")
    assert refused.value.way_out.endswith("file,issuer,number")


def test_a_table_may_say_when_a_photo_was_taken(tmp_path: Path) -> None:
    """Or its document issued; a row whose day is none is set aside, and the column may be left out."""
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(b"photo")
    table = tmp_path / "references.csv"
    rows = "a.jpg,UTO,X1,2021-06-30\nb.jpg,UTO,X2,\nc.jpg,UTO,X3,30.6.2021\n"
    table.write_text(f"file,issuer,number,taken\n{rows}", encoding="utf-8")
    found = read_references(table)
    assert [photo.taken_on for photo in found.photos] == [date(2021, 6, 30), None]
    assert [one.code for one in found.deviations] == ["row_taken"]
