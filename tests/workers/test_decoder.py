"""Decoding untrusted images in a child process: pixels, or a refusal with a reason, and always ready for the next."""

from __future__ import annotations

import io
import os
import signal
import struct
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from fairgate.errors import ImageRefused, WorkerFault
from fairgate.vocabulary import Photo
from fairgate.workers.decoder import DecodedImage, DecodeLimits, Decoder

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def picture(width: int = 96, height: int = 64) -> Image.Image:
    """Return a picture in which every corner differs."""
    draw = np.random.default_rng(1)
    coarse = Image.fromarray(draw.integers(0, 255, (4, 6, 3), dtype=np.uint8))
    return coarse.resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    """Return an image as a file of a format."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


JPEG, PNG, JPEG2000 = (encoded(picture(), form) for form in ("JPEG", "PNG", "JPEG2000"))
PROGRESSIVE = encoded(picture(), "JPEG", progressive=True)


def jpeg_of_size(content: bytes, width: int, height: int) -> bytes:
    """Return the JPEG with another size in its frame header."""
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]


def png_of_size(content: bytes, width: int, height: int) -> bytes:
    """Return the PNG with another size in its header, and the checksum to go with it."""
    body = b"IHDR" + struct.pack(">II", width, height) + content[24:29]
    return content[:12] + body + struct.pack(">I", zlib.crc32(body)) + content[33:]


def jpeg2000_of_size(content: bytes, width: int, height: int) -> bytes:
    """Return the JPEG 2000 file with another size in its image header box."""
    at = content.index(b"ihdr") + 4
    return content[:at] + struct.pack(">II", height, width) + content[at + 8 :]


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as decoder:
        yield decoder


@pytest.mark.parametrize(
    ("content", "form"), [(JPEG, "jpeg"), (PROGRESSIVE, "jpeg"), (PNG, "png"), (JPEG2000, "jpeg2000")]
)
def test_the_pixels_are_those_of_the_image(decoder: Decoder, content: bytes, form: str) -> None:
    """The child adds and loses nothing, and tells the format by content."""
    decoded = decoder.decode(content)
    assert decoded.format == form
    assert (decoded.width_px, decoded.height_px) == (96, 64)
    assert decoded.rgb.dtype == np.uint8
    np.testing.assert_array_equal(decoded.rgb, np.asarray(Image.open(io.BytesIO(content)).convert("RGB")))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_exif_rotation_is_applied(decoder: Decoder, orientation: int, form: str) -> None:
    """However the camera was held, the same upright picture comes out."""
    upright = picture(64, 48)
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    stored = upright if undo is None else upright.transpose(undo)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = "nobody"
    options = {"quality": 95, "subsampling": 0} if form == "JPEG" else {}
    decoded = decoder.decode(encoded(stored, form, exif=exif, **options))
    difference = np.abs(decoded.rgb.astype(int) - np.asarray(upright).astype(int))
    assert difference.max() <= (24 if form == "JPEG" else 0)


@pytest.mark.parametrize(
    "junk",
    [
        {"exif": b"Exif\0\0" + bytes(range(200))},
        {"exif": b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"},
        {"icc_profile": b"no profile" * 50},
        {"comment": b"\xff\xff\xff"},
    ],
)
def test_garbage_in_the_metadata_is_ignored(decoder: Decoder, junk: dict[str, bytes]) -> None:
    """Metadata are dropped, whatever they hold."""
    np.testing.assert_array_equal(decoder.decode(encoded(picture(), "JPEG", **junk)).rgb, decoder.decode(JPEG).rgb)


def _sixteen_bit() -> bytes:
    grey = np.asarray(picture().convert("L")).astype(np.uint16) * 257
    return encoded(Image.fromarray(grey), "PNG")


@pytest.mark.parametrize(
    ("content", "tolerance"),
    [
        (encoded(picture().convert("L"), "JPEG", quality=98), 6),
        (encoded(picture().convert("L"), "PNG"), 0),
        (encoded(picture().convert("L"), "JPEG2000"), 0),
        (_sixteen_bit(), 1),
    ],
)
def test_grey_images_become_grey_rgb(decoder: Decoder, content: bytes, tolerance: int) -> None:
    """Three equal channels; 16 bits are scaled to 8, not cut off."""
    rgb = decoder.decode(content).rgb.astype(int)
    expected = np.asarray(picture().convert("L")).astype(int)
    assert (rgb[..., 0] == rgb[..., 1]).all()
    assert (rgb[..., 0] == rgb[..., 2]).all()
    assert np.abs(rgb[..., 0] - expected).max() <= tolerance


def test_palettes_bits_and_inks_become_rgb(decoder: Decoder) -> None:
    """Palette, black-and-white and CMYK images keep their colours within what their format holds."""
    red = Image.new("RGB", (20, 10), (220, 30, 30))
    for content in (
        encoded(red.quantize(4), "PNG"),
        encoded(red.convert("CMYK"), "JPEG", quality=98),
    ):
        assert np.abs(decoder.decode(content).rgb.astype(int) - [220, 30, 30]).max() <= 8
    assert (decoder.decode(encoded(Image.new("1", (9, 5), 1), "PNG")).rgb == 255).all()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_laid_on_white(decoder: Decoder, mode: str) -> None:
    """The colour hidden below a transparent pixel does not come out."""
    image = Image.new("RGBA", (8, 4), (0, 0, 0, 0))
    image.paste((40, 40, 40, 255), (0, 0, 4, 4))
    rgb = decoder.decode(encoded(image.convert(mode), "PNG")).rgb
    assert np.abs(rgb[:, :4].astype(int) - 40).max() <= 2
    assert (rgb[:, 4:] == 255).all()


def test_of_several_frames_the_first_counts(decoder: Decoder) -> None:
    """An animated PNG and a JPEG that carries a second picture give their first one."""
    first, second = picture(), picture().transpose(Image.Transpose.ROTATE_180)
    animated = encoded(first, "PNG", save_all=True, append_images=[second])
    np.testing.assert_array_equal(decoder.decode(animated).rgb, np.asarray(first))
    double = encoded(first, "MPO", save_all=True, append_images=[second])
    np.testing.assert_array_equal(decoder.decode(double).rgb, decoder.decode(JPEG).rgb)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"This is a text named portrait.jpg.", "not_an_image"),
        (b"\x00" * 100, "not_an_image"),
        (encoded(picture(), "GIF"), "format_not_allowed"),
        (encoded(picture(), "TIFF"), "format_not_allowed"),
        (encoded(picture(), "WEBP"), "format_not_allowed"),
        (encoded(picture(), "BMP"), "format_not_allowed"),
        (JPEG[: len(JPEG) // 2], "truncated"),
        (JPEG[:-2], "truncated"),
        (JPEG[:30], "truncated"),
        (JPEG[:3], "truncated"),
        (JPEG[: len(JPEG) * 2 // 3] + b"\xff\xd9", "truncated"),
        (jpeg_of_size(JPEG, 96, 128), "truncated"),
        (jpeg_of_size(JPEG, 192, 64), "truncated"),
        (jpeg_of_size(JPEG, 4000, 4000), "truncated"),
        (PROGRESSIVE[: len(PROGRESSIVE) // 2], "truncated"),
        (PNG[: len(PNG) // 2], "truncated"),
        (PNG[:-12], "truncated"),
        (PNG[:20], "truncated"),
        (png_of_size(PNG, 96, 128), "truncated"),
        (png_of_size(PNG, 192, 64), "damaged"),
        (png_of_size(PNG, 0, 64), "damaged"),
        (png_of_size(PNG, 96, 64)[:60] + b"?" + PNG[61:], "damaged"),
        (JPEG2000[: len(JPEG2000) // 2], "truncated"),
        (JPEG2000[:40], "truncated"),
        (png_of_size(PNG, 60_000, 60_000), "too_many_pixels"),
        (png_of_size(PNG, 2**31 - 1, 2**31 - 1), "too_many_pixels"),
        (jpeg_of_size(JPEG, 65_500, 65_500), "too_many_pixels"),
        (jpeg2000_of_size(JPEG2000, 5_001, 5_000), "too_many_pixels"),
    ],
)
def test_an_image_that_is_no_good_is_refused_with_its_reason(decoder: Decoder, content: bytes, reason: str) -> None:
    """And the next good one is decoded."""
    with pytest.raises(ImageRefused) as refused:
        decoder.decode(content)
    assert refused.value.reason == reason
    assert refused.value.code == "input.image"
    assert decoder.decode(PNG).width_px == 96


@pytest.mark.parametrize(
    "content",
    [
        encoded(Image.new("RGB", (200, 120), (128, 128, 128)), "JPEG"),
        encoded(Image.new("RGB", (200, 120), (128, 128, 128)), "JPEG", progressive=True),
        encoded(Image.new("RGB", (200, 120), (128, 128, 128)), "JPEG", restart_marker_rows=1),
        encoded(Image.new("L", (201, 123), 128), "JPEG"),
        encoded(Image.new("CMYK", (201, 123), (127, 127, 127, 127)), "JPEG"),
        encoded(Image.new("RGB", (200, 120)), "PNG"),
        encoded(Image.new("1", (201, 123)), "PNG"),
        encoded(Image.new("P", (201, 123)), "PNG"),
    ],
)
def test_a_whole_image_that_is_grey_or_black_is_not_taken_for_a_cut_one(decoder: Decoder, content: bytes) -> None:
    """What the libraries fill missing data with may also be the picture."""
    assert decoder.decode(content).height_px in {120, 123}


def test_bytes_and_pixels_have_limits_of_their_own() -> None:
    """At the limit an image passes; one beyond it does not."""
    with Decoder(DecodeLimits(most_bytes=len(PNG), most_pixels=96 * 64)) as strict:
        assert strict.decode(PNG).width_px == 96
        with pytest.raises(ImageRefused) as refused:
            strict.decode(PNG + b"\0")
        assert refused.value.reason == "too_many_bytes"
        with pytest.raises(ImageRefused) as refused:
            strict.decode(encoded(Image.new("1", (97, 64)), "PNG"))
        assert refused.value.reason == "too_many_pixels"


def test_memory_has_a_limit() -> None:
    """An image that is allowed by its pixels and needs more memory than the child has is refused as such."""
    large = encoded(Image.new("1", (5000, 5000)), "PNG", compress_level=1)
    with Decoder(DecodeLimits(memory_bytes=130_000_000)) as small:
        with pytest.raises(ImageRefused) as refused:
            small.decode(large)
        assert refused.value.reason == "out_of_memory"
        assert small.decode(PNG).width_px == 96


@pytest.mark.slow
def test_processor_time_has_a_limit() -> None:
    """A million empty chunks keep a decoder busy for long; the kernel ends it, and the next image is decoded."""
    chunk = b"\0\0\0\0teXt" + struct.pack(">I", zlib.crc32(b"teXt"))
    with Decoder(DecodeLimits(cpu_seconds=1)) as hasty:
        with pytest.raises(ImageRefused) as refused:
            hasty.decode(PNG[:33] + chunk * 2_000_000 + PNG[33:])
        assert refused.value.reason == "out_of_time"
        assert hasty.decode(PNG).width_px == 96


@pytest.mark.slow
def test_the_largest_image_allowed_fits_the_memory_allowed(decoder: Decoder) -> None:
    """25 megapixels, turned by Exif, as JPEG and as PNG with transparency."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    large = Image.new("RGB", (6250, 4000), (200, 150, 120))
    assert decoder.decode(encoded(large, "JPEG", exif=exif)).width_px == 4000
    assert decoder.decode(encoded(large.convert("RGBA"), "PNG", compress_level=1)).width_px == 6250


def test_a_child_that_hangs_is_killed_at_the_deadline() -> None:
    """The parent waits no longer than agreed, and the next image is decoded."""
    with Decoder(DecodeLimits(wall_seconds=0.3)) as impatient:
        impatient.decode(PNG)
        assert impatient.child_pid is not None
        os.kill(impatient.child_pid, signal.SIGSTOP)
        with pytest.raises(ImageRefused) as refused:
            impatient.decode(PNG)
        assert refused.value.reason == "out_of_time"
    with Decoder() as patient:
        assert patient.decode(PNG).width_px == 96


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_child_that_died_while_idle_is_replaced(decoder: Decoder, number: signal.Signals) -> None:
    """Nobody notices."""
    decoder.decode(PNG)
    assert decoder.child_pid is not None
    os.kill(decoder.child_pid, number)
    try:
        decoded = decoder.decode(PNG)
    except ImageRefused:  # it died between the check and the request, of its own fault as it seems
        assert number == signal.SIGSEGV
        decoded = decoder.decode(PNG)
    np.testing.assert_array_equal(decoded.rgb, np.asarray(picture()))


@pytest.mark.parametrize(("number", "reason"), [(signal.SIGKILL, None), (signal.SIGSEGV, "decoder_fault")])
def test_a_child_that_dies_at_work_costs_at_most_its_image(number: signal.Signals, reason: str | None) -> None:
    """Killed from outside, another child takes the image over; a crash of its own is the image's fault."""
    found: list[DecodedImage | str] = []

    def work(decoder: Decoder) -> None:
        try:
            found.append(decoder.decode(JPEG))
        except ImageRefused as refused:
            found.append(refused.reason)

    with Decoder() as decoder:
        decoder.decode(PNG)
        pid = decoder.child_pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        worker = threading.Thread(target=work, args=(decoder,))
        worker.start()
        os.kill(pid, number)
        os.kill(pid, signal.SIGCONT)
        worker.join(30)
        assert found
        if reason is None:
            assert isinstance(found[0], DecodedImage)
        else:
            assert found[0] == reason or isinstance(found[0], DecodedImage)  # it may have died before the request
        assert decoder.decode(PNG).width_px == 96


@pytest.mark.slow
def test_children_killed_at_any_moment_never_mix_up_pictures() -> None:
    """Whoever is killed whenever: the right picture or a refusal comes back, never another one's pixels."""
    pictures = [Image.new("RGB", (400 + 10 * i, 300), (10 * i, 100, 50)) for i in range(12)]
    contents = [encoded(image, "PNG") for image in pictures]
    stop = threading.Event()
    with Decoder() as decoder:

        def kill() -> None:
            while not stop.wait(0.05):
                pid = decoder.child_pid
                if pid is not None:
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except ProcessLookupError:
                        continue

        decoder.decode(PNG)
        killer = threading.Thread(target=kill)
        killer.start()
        try:
            for image, content in zip(pictures, contents, strict=True):
                try:
                    rgb = decoder.decode(content).rgb
                except (ImageRefused, WorkerFault):
                    continue
                np.testing.assert_array_equal(rgb, np.asarray(image))
        finally:
            stop.set()
            killer.join()
        np.testing.assert_array_equal(decoder.decode(PNG).rgb, np.asarray(picture()))


def test_children_are_replaced_after_a_number_of_images_and_after_every_refusal() -> None:
    """No child keeps working on what a bad image may have left behind, nor for ever."""
    with Decoder(DecodeLimits(images_per_child=2)) as decoder:
        pids = []
        for _ in range(4):
            pids.append(decoder.child_pid)
            decoder.decode(PNG)
        assert pids[0] == pids[1] != pids[2] == pids[3] != decoder.child_pid
        before = decoder.child_pid
        with pytest.raises(ImageRefused):
            decoder.decode(JPEG[:100])
        assert decoder.child_pid != before
        before = decoder.child_pid
        with pytest.raises(ImageRefused):
            decoder.decode(b"a text")
        assert decoder.child_pid == before


@linux_only
def test_the_child_has_given_up_what_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory, files, core dumps and new privileges are out of reach, and the parent's environment stays there."""
    monkeypatch.setenv("FAIRGATE_KEY_SLOT", "a secret")
    with Decoder() as decoder:
        decoder.decode(PNG)
        process = Path("/proc") / str(decoder.child_pid)
        limits = {line[:26].strip(): line[26:].split()[:2] for line in (process / "limits").read_text().splitlines()}
        status = (process / "status").read_text()
        environment = (process / "environ").read_bytes()
    assert limits["Max address space"] == ["600000000", "600000000"]
    assert limits["Max file size"] == ["0", "0"]
    assert limits["Max core file size"] == ["0", "0"]
    assert limits["Max open files"] == ["16", "16"]
    assert limits["Max processes"] == ["0", "0"]
    assert int(limits["Max cpu time"][0]) <= 5
    assert "NoNewPrivs:\t1" in status
    assert b"FAIRGATE" not in environment


def test_threads_take_turns() -> None:
    """Two threads sharing a decoder each get their own picture."""
    pictures = [Image.new("RGB", (50 + i, 40), (i, 2 * i, 3 * i)) for i in range(40)]
    wrong: list[int] = []
    with Decoder() as decoder:

        def work(numbers: range) -> None:
            for i in numbers:
                if (decoder.decode(encoded(pictures[i], "PNG")).rgb != np.asarray(pictures[i])).any():
                    wrong.append(i)

        threads = [threading.Thread(target=work, args=(range(start, 40, 2),)) for start in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


def test_a_refused_photo_can_be_erased_at_once(decoder: Decoder) -> None:
    """The decoder keeps no view of the bytes, not even in the exception's frames."""
    for content in (JPEG[:200], b"a text", b"\xff\xd8\xff"):
        photo = Photo(content)
        try:
            with photo.open() as view:
                decoder.decode(view)
        except ImageRefused:
            photo.erase()
        assert photo.size_bytes == 0


def test_a_decoder_leaves_no_process_behind() -> None:
    """Closing ends the child; using it again starts another."""
    decoder = Decoder()
    with decoder:
        decoder.decode(PNG)
        pid = decoder.child_pid
        assert pid is not None
    assert decoder.child_pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert decoder.decode(PNG).width_px == 96
    decoder.close()
    decoder.close()


def test_a_child_that_cannot_start_is_a_fault_of_ours() -> None:
    """It is not the image's fault, and it is not hung on to for ever."""
    with Decoder(module="fairgate.workers.no_such_module") as broken, pytest.raises(WorkerFault):
        broken.decode(PNG)


def test_a_decoded_image_does_not_print_its_pixels(decoder: Decoder) -> None:
    """Its text names the format alone."""
    assert repr(decoder.decode(PNG)) == "DecodedImage(format='png')"


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_mutated_image_is_an_array_or_refused(decoder: Decoder, data: st.DataObject) -> None:
    """Bytes changed, cut out, doubled or put in: pixels or a reason come back, and nothing else."""
    content = bytearray(data.draw(st.sampled_from([JPEG, PROGRESSIVE, PNG, JPEG2000])))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(12, max(12, len(content) - 1)))
        kind = data.draw(st.sampled_from(["change", "cut", "double", "insert", "end"]))
        length = data.draw(st.integers(1, 40))
        if kind == "change":
            content[at : at + 1] = data.draw(st.binary(min_size=1, max_size=4))
        elif kind == "cut":
            del content[at : at + length]
        elif kind == "double":
            content[at:at] = content[at : at + length]
        elif kind == "insert":
            content[at:at] = data.draw(st.binary(min_size=1, max_size=40))
        else:
            del content[at:]
    try:
        decoded = decoder.decode(bytes(content))
    except ImageRefused:
        return
    assert decoded.rgb.shape == (decoded.height_px, decoded.width_px, 3)
