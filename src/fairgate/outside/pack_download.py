"""Download a model file: bounded in size, resumed where it stopped, and worth nothing until its digest agrees."""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fairgate.errors import PackDigestMismatch, PackDownload

if TYPE_CHECKING:
    from http.client import HTTPResponse

Progress = Callable[[int, int], None]
"""Called with (bytes so far, bytes in all)."""

ATTEMPTS = 3
"""How often one call goes on after a broken connection."""

_BLOCK_BYTES = 1 << 18
_SILENT_S = 30.0
_WAY_OUT = "Run the command again: it goes on where it stopped. Or name a folder that holds the file with --models."


def download(location: str, part: Path, *, size_bytes: int, sha256: str, progress: Progress) -> bytes:
    """Return a file's bytes once they are all there and have the digest.

    Args:
        location: http or https address; redirections to such are followed.
        part: where what has arrived is kept, across calls; its folder exists. Removed when the file is whole.
        size_bytes: of the file; not a byte more is read.
        sha256: of the file, hex.
        progress: told after each block.

    Raises:
        PackDownload: the connection failed, or the other side has no such file, or one of another size.
        PackDigestMismatch: what arrived is another file; nothing of it is kept.
    """
    for attempt in range(ATTEMPTS):
        try:
            _go_on(location, part, size_bytes, progress)
        except (OSError, http.client.HTTPException) as cause:  # URLError and its kin are OSErrors
            lost = isinstance(cause, urllib.error.HTTPError) and cause.code < http.HTTPStatus.INTERNAL_SERVER_ERROR
            if lost or attempt == ATTEMPTS - 1:
                raise PackDownload(f"{location} could not be downloaded.", way_out=_WAY_OUT) from cause
            continue
        if _length(part) >= size_bytes:
            break
    content = part.read_bytes() if part.is_file() else b""
    if len(content) < size_bytes:
        raise PackDownload(f"{location} ended after {len(content)} of {size_bytes} bytes.", way_out=_WAY_OUT)
    part.unlink()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise PackDigestMismatch(
            f"What {location} gave is not the file that the pack names: its SHA-256 differs.",
            way_out="Do not use it. Find the file elsewhere and name its folder with --models.",
        )
    return content


def _go_on(location: str, part: Path, size_bytes: int, progress: Progress) -> None:
    """Fetch what is missing of a file, or all of it where the other side cannot start in the middle."""
    have = _length(part)
    if have >= size_bytes:
        return
    opener = _opener()
    if have:
        opener.addheaders.append(("Range", f"bytes={have}-"))
    with opener.open(location, timeout=_SILENT_S) as answer, part.open("ab") as file:
        if have and not _starts_at(answer, have, size_bytes):
            file.truncate(0)
            have = 0
            if answer.status == http.HTTPStatus.PARTIAL_CONTENT:
                raise http.client.HTTPException("another part than was asked for")
        progress(have, size_bytes)
        while block := answer.read(min(_BLOCK_BYTES, size_bytes + 1 - have)):
            have += len(block)
            if have > size_bytes:
                file.truncate(0)
                raise PackDownload(f"{location} is larger than the {size_bytes} bytes that it should have.")
            file.write(block)
            progress(have, size_bytes)


def _starts_at(answer: HTTPResponse, start: int, size_bytes: int) -> bool:
    wanted = f"bytes {start}-{size_bytes - 1}/{size_bytes}"
    return answer.status == http.HTTPStatus.PARTIAL_CONTENT and answer.headers.get("Content-Range", "") == wanted


def _length(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener for http and https alone: no files, no other kinds of address."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    opener.addheaders = [("User-Agent", "fairgate"), ("Accept-Encoding", "identity")]
    return opener
