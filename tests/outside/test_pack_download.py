"""Downloading models from a server on this machine: resumed, bounded, and nothing counts before its digest agrees."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from made_packs import detector, embedder, pack_text

from fairgate.errors import PackDigestMismatch, PackDownload, PackModelMissing
from fairgate.face.pack import read_pack
from fairgate.outside.pack_catalogue import CatalogueModel
from fairgate.outside.pack_download import ATTEMPTS, download
from fairgate.outside.pack_store import AddedState, add_pack
from fairgate.outside.pack_supply import from_catalogue

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

CONTENT = bytes(range(256)) * 4000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class Shelf:
    """A file server: what it holds, how it misbehaves, and what it was asked."""

    address: str
    files: dict[str, bytes]
    knows_ranges: bool = True
    breaks_after: int | None = None
    wrong_range: bool = False
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """A server on this machine, for one test."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            kept.asked.append((self.path, wanted))
            if self.path == "/moved":
                self.send_response(302)
                self.send_header("Location", f"{kept.address}/model")
                self.end_headers()
                return
            content = kept.files.get(self.path)
            if content is None:
                self.send_error(404)
                return
            start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and kept.knows_ranges else 0
            self.send_response(206 if start else 200)
            if start:
                said = start + kept.wrong_range
                self.send_header("Content-Range", f"bytes {said}-{len(content) - 1}/{len(content)}")
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            body = content[start:]
            self.wfile.write(body if kept.breaks_after is None else body[: kept.breaks_after])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept = Shelf(f"http://127.0.0.1:{server.server_port}", {"/model": CONTENT})
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield kept
    server.shutdown()
    serving.join()
    server.server_close()


def _get(shelf: Shelf, part: Path, path: str = "/model", told: list[tuple[int, int]] | None = None) -> bytes:
    seen = told if told is not None else []
    return download(
        shelf.address + path,
        part,
        size_bytes=len(CONTENT),
        sha256=DIGEST,
        progress=lambda done, total: seen.append((done, total)),
    )


def test_a_file_arrives_with_progress(shelf: Shelf, tmp_path: Path) -> None:
    """Also by way of a redirection; nothing is left beside it."""
    told: list[tuple[int, int]] = []
    assert _get(shelf, tmp_path / "part", told=told) == CONTENT
    assert told[0] == (0, len(CONTENT))
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert _get(shelf, tmp_path / "part", "/moved") == CONTENT
    assert not list(tmp_path.iterdir())


def test_the_next_call_goes_on_where_the_last_one_stopped(shelf: Shelf, tmp_path: Path) -> None:
    """What has arrived is kept, and asked for no more."""
    shelf.breaks_after = 100_000
    with pytest.raises(PackDownload, match="ended after"):
        _get(shelf, tmp_path / "part")
    arrived = (tmp_path / "part").stat().st_size
    assert arrived == ATTEMPTS * 100_000
    shelf.breaks_after = None
    shelf.asked.clear()
    told: list[tuple[int, int]] = []
    assert _get(shelf, tmp_path / "part", told=told) == CONTENT
    assert shelf.asked == [("/model", f"bytes={arrived}-")]
    assert told[0] == (arrived, len(CONTENT))


@pytest.mark.parametrize("fault", ["no ranges", "another range"])
def test_a_server_that_cannot_go_on_starts_again(shelf: Shelf, tmp_path: Path, fault: str) -> None:
    """What came before is not mixed with what comes now."""
    (tmp_path / "part").write_bytes(b"x" * 500)
    shelf.knows_ranges, shelf.wrong_range = fault != "no ranges", fault == "another range"
    assert _get(shelf, tmp_path / "part") == CONTENT


def test_another_file_is_refused_and_not_kept(shelf: Shelf, tmp_path: Path) -> None:
    """One bit is enough; so is a longer file, of which no more is read than the size that it should have."""
    shelf.files["/model"] = CONTENT[:-1] + bytes([CONTENT[-1] ^ 1])
    with pytest.raises(PackDigestMismatch):
        _get(shelf, tmp_path / "part")
    assert not (tmp_path / "part").exists()
    shelf.files["/model"] = CONTENT + b"more"
    with pytest.raises(PackDownload, match="larger"):
        _get(shelf, tmp_path / "part")
    assert (tmp_path / "part").stat().st_size == 0
    shelf.files["/model"] = CONTENT[:-1]
    with pytest.raises(PackDownload, match="ended after"):
        _get(shelf, tmp_path / "other")


def test_no_file_no_server_and_no_other_kind_of_address(shelf: Shelf, tmp_path: Path) -> None:
    """Each is the same refusal; a file of this machine is never an address."""
    secret = tmp_path / "secret"
    secret.write_bytes(CONTENT)
    for location in (f"{shelf.address}/absent", "http://127.0.0.1:9/model", secret.as_uri(), "gopher://127.0.0.1/x"):
        with pytest.raises(PackDownload):
            download(
                location, tmp_path / "part", size_bytes=len(CONTENT), sha256=DIGEST, progress=lambda done, total: None
            )
    assert sum(path == "/absent" for path, _ in shelf.asked) == 1


def test_a_pack_is_added_from_a_catalogue(shelf: Shelf, tmp_path: Path) -> None:
    """Models are found by digest alone; one that the catalogue does not know is asked of nobody."""
    files = {"/a": detector().SerializeToString(), "/b": embedder().SerializeToString()}
    shelf.files.update(files)
    text = pack_text(files["/a"], files["/b"])
    known = {
        model.sha256: CatalogueModel("m", "f", shelf.address + path, model.sha256, model.size_bytes, "CC0-1.0", "made")
        for path, model in zip(files, read_pack(text).models().values(), strict=True)
    }
    supply = from_catalogue(known, tmp_path / "downloads", lambda done, total: None)
    added = add_pack(text, supply, tmp_path / "packs", tmp_path / "cache")
    assert added.state is AddedState.ADDED
    assert not list((tmp_path / "downloads").iterdir())
    shelf.asked.clear()
    assert add_pack(text, supply, tmp_path / "packs", tmp_path / "cache").state is AddedState.THERE
    with pytest.raises(PackModelMissing, match="not known"):
        add_pack(
            text, from_catalogue({}, tmp_path / "downloads", lambda done, total: None), tmp_path / "p", tmp_path / "c"
        )
    assert shelf.asked == []
