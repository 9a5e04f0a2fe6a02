"""``fairgate detect``: what a person reads and a script parses of each photo, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fairgate.errors import ImageRefused
from fairgate.face.detect import Face
from fairgate.face.five_points import PointScheme
from fairgate.face.inspection import Inspection, Seen
from fairgate.face.quality import QualityGate, assess
from fairgate.face.quality.assess import COMPONENT_NAMES
from fairgate.services.detect_faces import LookedAt, NotLookedAt

if TYPE_CHECKING:
    from tests.cli.conftest import Run

    from fairgate.cli.progress import Progress
    from fairgate.config import Settings

BOX = (60.0, 50.0, 140.0, 130.0)
FIVE = np.array([[128.0, 80], [112, 80], [72, 80], [88, 80], [100, 110]])


def _found(faces: int = 1, subject: int | None = 0, *, poor: bool = False) -> Inspection:
    """Return a photo of a grey square taken for a face."""
    rgb = np.full((200, 200, 3), 10 if poor else 130, np.uint8)
    quality = assess(rgb, FIVE, BOX, QualityGate({"under_exposure": 20}), thorough=True)
    points = tuple((float(x), float(y)) for x, y in FIVE)
    return Inspection(200, 200, PointScheme.EYE_CORNERS, (Seen(Face(BOX, 0.98765), points, quality),) * faces, subject)


class _Door:
    """Looks at nothing, and answers by the photo's name."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, Path | None]] = []
        self.files: list[str] = []

    def __call__(
        self,
        settings: Settings,
        images: Sequence[Path],
        out: Path | None,
        on_photo: Callable[[LookedAt | NotLookedAt], None],
        progress: Progress,
    ) -> int:
        self.asked.append((settings.smallest_probe_face_px, out))
        answers: dict[str, Callable[[str], LookedAt | NotLookedAt]] = {
            "good": lambda name: LookedAt(name, _found(), f"{name}.detected.png"),
            "dark": lambda name: LookedAt(name, _found(poor=True), "copy.png"),
            "two": lambda name: LookedAt(name, _found(2, None), "copy.png"),
            "wall": lambda name: LookedAt(name, _found(0, None), "copy.png"),
            "bad": lambda name: NotLookedAt(
                name, ImageRefused("Not an image.", reason="not_an_image", way_out="Look.")
            ),
        }
        for path in images:
            on_photo(answers[path.stem](str(path)))
        progress(len(images), len(images))
        return sum(path.stem == "bad" for path in images)


def test_each_photo_is_one_line_of_json_and_a_summary_ends_them(run: Run) -> None:
    """Box, landmarks, score and quality of every face; the subject's place; where the copy is."""
    ended = run("detect", "good.jpg", "two.jpg", "--json", detect=_Door())
    assert ended.code == 0
    good, two, summary = (json.loads(line) for line in ended.out.splitlines())
    assert good["file"] == "good.jpg"
    assert good["subject"] == 0
    assert good["copy"] == "good.jpg.detected.png"
    assert good["feedback"] == []
    (face,) = good["faces"]
    assert face["box"] == list(BOX)
    assert face["landmarks"] == FIVE.tolist()
    assert face["score"] == 0.9877
    assert tuple(face["quality"]["components"]) == COMPONENT_NAMES
    assert set(face["quality"]["components"]["yaw"]) == {"native", "unit", "mapped"}
    assert 0 <= face["quality"]["unified"] <= 100
    assert (len(two["faces"]), two["subject"]) == (2, None)
    assert two["feedback"] == [{"code": "one_person_please", "text": "One person at a time, please."}]
    assert summary == {"summary": {"images": 2, "failed": 0}}


def test_a_photo_that_cannot_be_read_is_an_error_object_among_the_others(run: Run) -> None:
    """The others are done, and the command ends with 3."""
    ended = run("detect", "bad.jpg", "good.jpg", "--json", detect=_Door())
    assert ended.code == 3
    bad, good, summary = (json.loads(line) for line in ended.out.splitlines())
    assert bad == {
        "file": "bad.jpg",
        "error": {"code": "input.image", "text": "Not an image.", "way_out": "Look.", "reason": "not_an_image"},
    }
    assert good["faces"]
    assert summary == {"summary": {"images": 2, "failed": 1}}


def test_a_person_reads_what_to_do(run: Run) -> None:
    """One line for each photo with advice, one for its copy; errors on standard error."""
    ended = run("detect", "good.jpg", "dark.jpg", "two.jpg", "wall.jpg", "bad.jpg", detect=_Door())
    assert ended.code == 3
    lines = ended.out.splitlines()
    assert lines[0].startswith("good.jpg: subject's quality ")
    assert "fails" not in lines[0]
    assert lines[1] == "  copy: good.jpg.detected.png"
    assert "fails under_exposure. Face the light" in lines[2]
    assert lines[4] == "two.jpg: 2 faces, and several could be the subject. One person at a time, please"
    assert lines[6] == "wall.jpg: no face. Step in front of the camera"
    assert "bad.jpg: error [input.image]: Not an image. Look." in ended.err


def test_options_reach_the_engine(run: Run) -> None:
    """The smallest face and the folder; unset, the setting holds."""
    door = _Door()
    run("detect", "good.jpg", "--smallest-face-px", "33", "--out", "there", detect=door)
    run("detect", "good.jpg", detect=door)
    assert door.asked == [(33, Path("there")), (80, None)]


@pytest.mark.parametrize("size", ["0", "19", "2001", "many"])
def test_a_size_out_of_range_is_a_usage_error(run: Run, size: str) -> None:
    """Nothing is looked at."""
    door = _Door()
    assert run("detect", "good.jpg", "--smallest-face-px", size, detect=door).code == 2
    assert run("detect", detect=door).code == 2
    assert door.asked == []


def test_help_says_for_whom_it_is(run: Run) -> None:
    """And for whom not."""
    said = " ".join(run("detect", "--help").out.split())
    assert "whose subjects agreed" in said
    assert "not for travellers' captures" in said
