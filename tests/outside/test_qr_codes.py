"""QR codes that were drawn can be read back."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fairgate.outside.qr_codes import qr_for_terminal, qr_png, qr_svg

CODE = "FGR1" + "AEYOOOUOVOV2XK5LVOV2XK5LA6OBEAQB" * 6


def read(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> str:
    return cv2.QRCodeDetector().detectAndDecode(picture)[0]


@pytest.mark.parametrize("length", [185, 196])
def test_the_png_is_read_back(length: int) -> None:
    """By a reader that is not ours, with every letter in its place."""
    picture = cv2.imdecode(np.frombuffer(qr_png(CODE[:length]), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert read(np.asarray(picture, np.uint8)) == CODE[:length]


def test_the_terminals_blocks_are_read_back() -> None:
    """Each character is two modules, the upper and the lower; what is drawn is light."""
    halves = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    rows: list[list[int]] = []
    for line in qr_for_terminal(CODE).splitlines():
        rows += [[halves[one][0] for one in line], [halves[one][1] for one in line]]
    picture = np.array(rows, np.uint8).repeat(6, axis=0).repeat(6, axis=1)
    assert read(picture) == CODE


def test_the_svg_is_one_element_without_a_script() -> None:
    """It is put into a page as it is."""
    drawn = qr_svg(CODE)
    assert drawn.startswith("<svg")
    assert drawn.endswith("</svg>")
    assert "script" not in drawn
