"""Score files as bytes: what kind a file is, that it stays the same between passes, and its digest on the way."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fairgate.errors import ScoresRefused, TableRefused

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_T = TypeVar("_T")
_CHUNK_BYTES = 1 << 20
_SNIFFED_BYTES = 4096
_FORMS = "Score files are CSV (also .csv.gz), Parquet, or a matrix in .npz."


class Form(StrEnum):
    """How a file is written, as its first bytes tell."""

    CSV = "csv"
    CSV_GZ = "csv.gz"
    PARQUET = "parquet"
    MATRIX = "npz"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file as it was when it was opened.

    Args:
        path: where it lies.
        form: how it is written.
        size_bytes: its size.
        state: what changes when somebody writes to it.
    """

    path: Path
    form: Form
    size_bytes: int
    state: tuple[int, int, int]

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    def check_unchanged(self) -> None:
        """Check that the file is the one that was opened.

        Raises:
            TableRefused: it was written to, replaced or removed.
        """
        try:
            now = _state(self.path.stat())
        except OSError:
            now = None
        if now != self.state:
            text = f"{self.name} was changed while it was read."
            raise TableRefused(text, way_out="Run the command again when nothing writes to it.")


def find_file(path: Path) -> FoundFile:
    """Look at a file without reading it all.

    Raises:
        TableRefused: there is no such file, it may not be read, it is empty, or its format is unknown.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except PermissionError as error:
        raise TableRefused(f"{path.name} may not be read.", way_out="Check its permissions.") from error
    except (OSError, ValueError) as error:
        raise TableRefused(f"There is no file {path.name}.", way_out="Check the path.") from error
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            text = f"{path.name} is not a file that can be read twice."
            raise TableRefused(text, way_out="Name a file; folders and pipes cannot be used.")
        start = os.read(handle, _SNIFFED_BYTES)
    finally:
        os.close(handle)
    if not start:
        raise ScoresRefused(f"{path.name} is empty.", way_out=_FORMS)
    return FoundFile(path, _form(path.name, start), state.st_size, _state(state))


class HashedFile(io.RawIOBase):
    """A file that hashes whatever is read of it.

    Args:
        found: the file.
        hashed: whether to.
    """

    def __init__(self, found: FoundFile, *, hashed: bool) -> None:
        super().__init__()
        self._file = found.path.open("rb", buffering=0)
        self._digest = hashlib.sha256() if hashed else None
        self.bytes_read = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer as far as one call goes; 0 at the end."""
        size = self._file.readinto(buffer) or 0
        self.bytes_read += size
        if self._digest is not None:
            self._digest.update(memoryview(buffer)[:size])
        return size

    def finish(self) -> str:
        """Read what is left and return the digest in hex; empty where none was asked for."""
        if self._digest is None:
            return ""
        buffer = memoryview(bytearray(_CHUNK_BYTES))
        while self.readinto(buffer):
            pass
        return self._digest.hexdigest()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


@contextmanager
def open_text(found: FoundFile, raw: HashedFile) -> Iterator[Callable[[memoryview], int]]:
    """Give a function that fills a buffer with the next bytes of a CSV file, unpacked, and returns how many they are.

    They are fewer than the buffer takes only at the end.

    Raises:
        TableRefused: the packed file ends too early or is damaged.
    """
    packed = found.form is Form.CSV_GZ
    stream = gzip.GzipFile(fileobj=io.BufferedReader(raw, _CHUNK_BYTES), mode="rb") if packed else raw

    def fill(buffer: memoryview) -> int:
        filled = 0
        try:
            while filled < len(buffer) and (size := stream.readinto(buffer[filled:])):
                filled += size
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            text = f"{found.name} is packed with gzip and ends too early or is damaged."
            raise TableRefused(text, way_out="Make the file anew.") from error
        except OSError as error:
            raise TableRefused(f"{found.name} could not be read to its end.") from error
        return filled

    yield fill


def hash_file(found: FoundFile) -> str:
    """Return the SHA-256 of a file in hex."""
    with HashedFile(found, hashed=True) as file:
        return file.finish()


@contextmanager
def hashing_aside(found: FoundFile, *, hashed: bool) -> Iterator[Callable[[], str]]:
    """Hash a file in a thread meanwhile, and give a function that waits for the digest."""
    with ThreadPoolExecutor(1, "fairgate-hash") as thread:
        digest = thread.submit(hash_file, found) if hashed else None
        yield lambda: digest.result() if digest else ""


def ahead(items: Iterator[_T], depth: int = 1) -> Iterator[_T]:
    """Yield the same items, the next ones being made in a thread while the caller works on one."""
    with ThreadPoolExecutor(1, "fairgate-read") as thread:
        waiting: deque[Future[tuple[_T, ...]]] = deque()

        def step() -> tuple[_T, ...]:
            for item in items:
                return (item,)
            return ()

        try:
            for _ in range(depth):
                waiting.append(thread.submit(step))
            while made := waiting.popleft().result():
                waiting.append(thread.submit(step))
                yield made[0]
        finally:
            thread.shutdown(wait=True, cancel_futures=True)


def _state(state: os.stat_result) -> tuple[int, int, int]:
    return state.st_ino, state.st_size, state.st_mtime_ns


def _form(name: str, start: bytes) -> Form:
    if start.startswith(b"PAR1"):
        return Form.PARQUET
    if start.startswith(b"\x1f\x8b"):
        return Form.CSV_GZ
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Form.MATRIX
    if b"\0" in start or start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableRefused(f"The format of {name} is unknown.", way_out=_FORMS)
    return Form.CSV
