"""YuNet's proposals become faces with five points: by hand, and beside OpenCV's own decoding of the same network."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from fairgate.errors import EngineFault, FaceContractBroken
from fairgate.face.runtime import Session
from fairgate.face.yunet import STRIDES, YunetDetector


class FakeNetwork:
    """Proposes what it is told to, wherever it is told to; every other cell proposes nothing."""

    def __init__(self, *told: tuple[int, int, int, float]) -> None:
        self.told = told
        self.seen: list[tuple[int, ...]] = []
        self.lacking = False

    def run(self, *values: NDArray[np.generic]) -> tuple[NDArray[np.float32], ...]:
        rows, columns = values[0].shape[2:]
        self.seen.append(values[0].shape)
        kinds: list[list[NDArray[np.float32]]] = [[], [], [], []]
        for stride in STRIDES:
            across = columns // stride
            cells = rows // stride * across
            grid = [np.zeros((1, cells, width), np.float32) for width in (1, 1, 4, 10)]
            for at_stride, row, column, score in self.told:
                if at_stride == stride:
                    cell = row * across + column
                    grid[0][0, cell], grid[1][0, cell] = 1.0, score**2
                    grid[2][0, cell] = (0.5, 0.25, np.log(2.0), np.log(4.0))
                    grid[3][0, cell] = (0, 0, 1, 0, 0.5, 0.5, 0, 1, 1, 1)
            for kind, one in zip(kinds, grid, strict=True):
                kind.append(one)
        outputs = [one for kind in kinds for one in kind]
        return tuple(outputs[:-1] if self.lacking else outputs)


def detector(network: FakeNetwork | Session) -> YunetDetector:
    return YunetDetector(network, bgr=True, mean=(0.0, 0.0, 0.0), divide_by=1.0, minimum_score=0.6)


FRAME = np.zeros((64, 96, 3), np.uint8)


def test_a_proposal_is_decoded_by_hand() -> None:
    """Cell (1, 2) of the 16 px grid: centre (2.5, 1.25) cells, 2 by 4 cells large; points from the cell's corner."""
    (face,) = detector(FakeNetwork((16, 1, 2, 0.9))).detect(FRAME, smallest_face_px=32)
    assert face.score == pytest.approx(0.9)
    assert face.box == pytest.approx((24.0, -12.0, 56.0, 52.0), abs=1e-4)
    assert np.array(face.points) == pytest.approx(
        np.array([[31.5, 15.5], [47.5, 15.5], [39.5, 23.5], [31.5, 31.5], [47.5, 31.5]])
    )


def test_unsure_proposals_and_doubles_are_dropped() -> None:
    """Two neighbours that overlap are one face, the surer; one below the minimum is none; one far away is another."""
    network = FakeNetwork((8, 4, 4, 0.8), (8, 4, 5, 0.9), (8, 0, 11, 0.7), (8, 7, 0, 0.5))
    assert [face.score for face in detector(network).detect(FRAME, smallest_face_px=32)] == pytest.approx([0.9, 0.7])


def test_much_smaller_faces_are_left_out_where_asked() -> None:
    """A face of 16 px beside one of 64 px is not reported to a lane that asks for 0.7 of the widest."""
    network = FakeNetwork((32, 0, 0, 0.9), (8, 7, 11, 0.8))
    assert len(detector(network).detect(FRAME, smallest_face_px=32)) == 2
    assert len(detector(network).detect(FRAME, smallest_face_px=32, ignore_below=0.7)) == 1


def test_the_frame_is_shrunk_to_what_the_lane_asks_for_and_boxes_come_back_in_its_pixels() -> None:
    """With faces from 128 px, a frame is searched at a quarter of its size, padded to multiples of 32."""
    network = FakeNetwork((8, 1, 2, 0.9))
    (face,) = detector(network).detect(np.zeros((400, 600, 3), np.uint8), smallest_face_px=128)
    assert network.seen == [(1, 3, 128, 160)]
    assert face.box == pytest.approx((48.0, -24.0, 112.0, 104.0), abs=1e-3)


def test_nothing_proposed_is_no_face() -> None:
    """An empty frame gives an empty answer."""
    assert detector(FakeNetwork()).detect(FRAME, smallest_face_px=32, ignore_below=0.7) == ()


def test_output_of_another_network_is_a_fault_of_the_engine() -> None:
    """One output short is not YuNet."""
    network = FakeNetwork()
    network.lacking = True
    with pytest.raises(EngineFault):
        detector(network).detect(FRAME, smallest_face_px=32)


def test_bounds_that_make_no_sense_are_a_broken_contract() -> None:
    """A face has a width."""
    with pytest.raises(FaceContractBroken):
        detector(FakeNetwork()).detect(FRAME, smallest_face_px=0)


@pytest.mark.needs_portraits
def test_the_real_network_gives_what_opencv_decodes(shared_data: Path) -> None:
    """OpenCV has a decoding of its own: the same boxes and points within a hundredth of a pixel, on ten portraits."""
    model = shared_data / "models" / "yunet_n_dynamic.onnx"
    ours = detector(Session(model.read_bytes(), varying_sizes=True))
    for path in sorted((shared_data / "portraits" / "2024").glob("*.jpg"))[:10]:
        bgr = cv2.imread(str(path))
        assert bgr is not None
        # Sides that are multiples of 32: OpenCV pads otherwise.
        bgr = np.asarray(bgr[: bgr.shape[0] // 32 * 32, : bgr.shape[1] // 32 * 32], np.uint8)
        theirs = cv2.FaceDetectorYN.create(str(model), "", (bgr.shape[1], bgr.shape[0]), 0.6, 0.3)
        _, rows = theirs.detect(bgr)
        found = ours.detect(np.ascontiguousarray(bgr[:, :, ::-1]), smallest_face_px=32)
        assert rows is not None
        assert len(found) == len(rows)
        for face, row in zip(found, rows, strict=True):
            left, top, width, height = row[:4]
            assert face.box == pytest.approx((left, top, left + width, top + height), abs=0.01)
            assert np.array(face.points) == pytest.approx(row[4:14].reshape(5, 2) - 0.5, abs=0.01)
            assert face.score == pytest.approx(row[14], abs=1e-5)
