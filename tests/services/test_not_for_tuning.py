"""Children's and older people's photos choose no limit and no threshold: the rulebook refuses the purpose."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fairgate.errors import InputRefused
from fairgate.outside.portrait_files import read_portraits
from fairgate.outside.rulebook_files import open_rulebook
from fairgate.services.not_for_tuning import is_not_for_tuning


@pytest.mark.parametrize(
    ("born_on", "barred"),
    [
        (date(2014, 6, 1), True),
        (date(2010, 12, 31), True),
        (date(2010, 1, 1), False),
        (date(1980, 1, 1), False),
        (date(1944, 12, 31), True),
        (date(1945, 1, 1), False),
        (date(1930, 1, 1), True),
        (None, False),
    ],
)
def test_the_band_in_the_year_of_the_photo_decides(born_on: date | None, barred: bool) -> None:
    """Under 14, or 80 and above, on any day of 2024 on which the photo may have been taken."""
    assert is_not_for_tuning(open_rulebook("us-cbp"), born_on, 2024) is barred


def test_a_folder_may_say_who_was_born_when(tmp_path: Path) -> None:
    """In people.csv; without the file nobody's date is known, and a date that is none refuses the folder."""
    for name in ("2014/A.jpg", "2024/A.jpg", "2024/B.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"photo")
    (tmp_path / "pairs.csv").write_text("subject,same_portrait\nA,0\n")
    assert {one.born_on for one in read_portraits(tmp_path).files} == {None}
    (tmp_path / "people.csv").write_text("subject,born\nA,2012-03-04\nB,\n")
    found = [(one.name, one.year, one.born_on) for one in read_portraits(tmp_path).files]
    assert found == [
        ("2014/A.jpg", 2014, date(2012, 3, 4)),
        ("2024/A.jpg", 2024, date(2012, 3, 4)),
        ("2024/B.jpg", 2024, None),
    ]
    (tmp_path / "people.csv").write_text("subject,born\nA,4.3.2012\n")
    with pytest.raises(InputRefused):
        read_portraits(tmp_path)
