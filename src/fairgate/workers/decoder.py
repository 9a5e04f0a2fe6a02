"""Decodes untrusted images outside this process: what an image can break is a child that is thrown away.

Pixels travel through pipes and memory only; no plaintext of an image is written to disk. A child is replaced after each
image that it could not decode, and after a number of images that it could, so that no child keeps many people's pixels
in memory that it has freed.
"""

from __future__ import annotations

import signal
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ImageRefused, WorkerFault
from fairgate.workers import protocol
from fairgate.workers.child_process import ChildGone, ChildProcess, ChildTooSlow
from fairgate.workers.image_kind import LONGEST_SIGNATURE, allowed_format, is_other_image

CHILD_MODULE = "fairgate.workers.decode_child"

_FROM_OUTSIDE = frozenset({-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP})
"""Ends that an operator or the kernel's memory killer brings; the image gets a second try."""

_GRACE_SECONDS = 0.5
_TRIES = 2

_TEXTS = {
    "empty": "The image holds no bytes.",
    "not_an_image": "The file is not an image.",
    "format_not_allowed": "The image is neither JPEG, PNG nor JPEG 2000.",
    "too_many_bytes": "The image file is too large.",
    "too_many_pixels": "The image has too many pixels.",
    "truncated": "The image ends before all of it is there.",
    "damaged": "The image's data contradict themselves.",
    "out_of_memory": "Decoding the image takes more memory than is allowed.",
    "out_of_time": "Decoding the image takes longer than is allowed.",
    "decoder_fault": "The image broke the process that decodes images.",
}


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """How much one image may cost.

    Args:
        most_bytes: encoded size.
        most_pixels: width × height, read from the header before anything is decoded.
        memory_bytes: the child's whole address space.
        cpu_seconds: processor time for one image, to the next full second.
        wall_seconds: from sending the image to its last pixel; a child that hangs is killed then.
        images_per_child: after so many the child is replaced.
        start_seconds: for a child to become ready.
    """

    most_bytes: int = 40_000_000
    most_pixels: int = 25_000_000
    memory_bytes: int = 600_000_000
    cpu_seconds: int = 3
    wall_seconds: float = 15.0
    images_per_child: int = 200
    start_seconds: float = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class DecodedImage:
    """Pixels of one image, upright, without any metadata.

    Args:
        rgb: uint8, shape (height, width, 3), 0–255, colour order RGB, origin top left; taken as sRGB.
        format: ``"jpeg"``, ``"png"`` or ``"jpeg2000"``: what it was.
    """

    rgb: NDArray[np.uint8] = field(repr=False)
    format: str

    @property
    def width_px(self) -> int:
        """Return the number of columns."""
        return int(self.rgb.shape[1])

    @property
    def height_px(self) -> int:
        """Return the number of rows."""
        return int(self.rgb.shape[0])


class Decoder:
    """A child that decodes one image at a time, and its successors.

    Use it as a context manager. Threads may share it: they take turns.

    Args:
        limits: what one image may cost.
        module: what the child runs.
    """

    def __init__(self, limits: DecodeLimits | None = None, module: str = CHILD_MODULE) -> None:
        self._limits = limits or DecodeLimits()
        self._module = module
        self._turn = threading.Lock()
        self._child: ChildProcess | None = None
        self._is_ready = False
        self._images_left = 0
        self._number = 0

    def __enter__(self) -> Self:
        """Start a child; it warms up while the caller goes on."""
        with self._turn:
            self._replace(after_grace=0.0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the child."""
        self.close()

    def close(self) -> None:
        """End the child; a later :meth:`decode` starts another."""
        with self._turn:
            if self._child is not None:
                self._child.end()
            self._child = None

    @property
    def child_pid(self) -> int | None:
        """Return the process id of the child that waits for the next image, where there is one."""
        return None if self._child is None else self._child.pid

    def decode(self, content: bytes | bytearray | memoryview) -> DecodedImage:
        """Return the pixels of an image.

        Args:
            content: the encoded image; the first frame counts where it has several. No reference to it is kept.

        Raises:
            ImageRefused: with its reason; the decoder remains usable.
            WorkerFault: no child can be started at all.
        """
        with memoryview(content) as view:
            kind = self._kind_of(view)
            with self._turn:
                for left in reversed(range(_TRIES)):
                    decoded = self._try(view, kind, is_last=left == 0)
                    if decoded is not None:
                        return decoded
        raise _refused("decoder_fault")

    def _kind_of(self, view: memoryview) -> str:
        """Refuse what need not reach the child."""
        if not view.nbytes:
            raise _refused("empty")
        if view.nbytes > self._limits.most_bytes:
            raise _refused("too_many_bytes")
        start = bytes(view[:LONGEST_SIGNATURE])
        kind = allowed_format(start)
        if kind is None:
            raise _refused("format_not_allowed" if is_other_image(start) else "not_an_image")
        return kind

    def _try(self, view: memoryview, kind: str, *, is_last: bool) -> DecodedImage | None:
        """Send the image to a child; ``None`` where the child was killed from outside and another may be tried."""
        child = self._ready_child()
        deadline = time.monotonic() + self._limits.wall_seconds
        self._number += 1
        self._images_left -= 1
        try:
            request = protocol.REQUEST.pack(protocol.MAGIC, self._number, protocol.FORMATS.index(kind), view.nbytes)
            child.send(request, deadline)
            child.send(view, deadline)
            status, width, height = self._answer(child.receive(protocol.ANSWER.size, deadline))
            if status == protocol.OK:
                rgb = np.empty((height, width, 3), dtype=np.uint8)
                child.receive_into(rgb.data.cast("B"), deadline)
        except ChildTooSlow:
            self._replace(after_grace=0.0)
            raise _refused("out_of_time") from None
        except ChildGone:
            ended_with = self._replace(after_grace=_GRACE_SECONDS)
            if ended_with in _FROM_OUTSIDE and not is_last:
                return None
            raise _refused("out_of_time" if ended_with == -signal.SIGXCPU else "decoder_fault") from None
        except BaseException:
            self._replace(after_grace=0.0)  # an interrupt in mid-answer: the next image must not get this one's rest
            raise
        if status != protocol.OK:
            self._replace(after_grace=0.0)
            raise _refused(status)
        if self._images_left <= 0:
            self._replace(after_grace=0.0)
        return DecodedImage(rgb, kind)

    def _answer(self, header: bytes) -> tuple[str, int, int]:
        """Check an answer's header: a child that an image has taken over may say anything."""
        magic, number, status, width, height = protocol.ANSWER.unpack(header)
        if magic != protocol.MAGIC or number != self._number or status >= len(protocol.STATUSES):
            raise ChildGone
        name = protocol.STATUSES[status]
        if name == protocol.OK and not 1 <= width * height <= self._limits.most_pixels:
            raise ChildGone
        return name, width, height

    def _ready_child(self) -> ChildProcess:
        """Return a child that listens, started anew where the last one died while it had nothing to do."""
        for _ in range(_TRIES):
            if self._child is None or not self._child.is_alive():
                self._replace(after_grace=0.0)
            child = self._child
            if child is not None:
                if self._is_ready:
                    return child
                try:
                    ready = child.receive(len(protocol.READY), time.monotonic() + self._limits.start_seconds)
                except (ChildGone, ChildTooSlow):
                    ready = b""
                if ready == protocol.READY:
                    self._is_ready = True
                    return child
                child.end()
                self._child = None
        raise WorkerFault(
            "The process that decodes images does not start.", way_out="`fairgate doctor` shows what is missing."
        )

    def _replace(self, *, after_grace: float) -> int | None:
        """End the child, start the next one without waiting for it, and return how the old one ended."""
        ended_with = None if self._child is None else self._child.end(after_grace)
        self._child = None
        limits = self._limits
        arguments = (limits.most_pixels, limits.memory_bytes, limits.cpu_seconds, limits.images_per_child)
        self._child = ChildProcess(self._module, [str(argument) for argument in arguments])
        self._is_ready = False
        self._images_left = limits.images_per_child
        return ended_with


def _refused(reason: str) -> ImageRefused:
    return ImageRefused(_TEXTS[reason], reason=reason, way_out="Take the photo again, or see an officer.")
