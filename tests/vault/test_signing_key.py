"""The ledger's signing key: made once, private, and the key of one log."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fairgate.errors import LedgerFault, VaultFault
from fairgate.ledger.note import sign_note
from fairgate.vault.signing_key import SigningKey, load_or_create_signing_key

# Source: the worked example in the documentation of golang.org/x/mod/sumdb/note.
GO_FILE = b"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n"
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

ANOTHER_PROCESS = """
import os, sys
from pathlib import Path
from fairgate.vault.signing_key import load_or_create_signing_key
sys.stdout.write(load_or_create_signing_key(Path(sys.argv[1]), name="log.example/1", entropy=os.urandom).verifier_key)
"""


def loaded(path: Path, name: str = "log.example/1") -> SigningKey:
    return load_or_create_signing_key(path, name=name, entropy=os.urandom)


def test_the_key_is_made_once(tmp_path: Path) -> None:
    """The first call makes the file with mode 600, every later one reads the same key."""
    path = tmp_path / "keys" / "log.key"
    first = loaded(path)
    assert loaded(path).verifier_key == first.verifier_key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_processes_that_ask_at_once_get_the_same_key(tmp_path: Path) -> None:
    """Four processes start with no key file: they end with one key."""
    path = tmp_path / "keys" / "log.key"
    command = [sys.executable, "-c", ANOTHER_PROCESS, str(path)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    keys = {process.communicate(timeout=60)[0] for process in started}
    assert keys == {loaded(path).verifier_key}


def test_the_file_is_what_other_tools_read(tmp_path: Path) -> None:
    """A key file written by the format's first implementation is read, and its public half is the published one."""
    path = tmp_path / "log.key"
    path.write_bytes(GO_FILE)
    path.chmod(0o600)
    assert loaded(path, "PeterNeumann").verifier_key == GO_KEY


def test_what_it_signs_can_be_checked(tmp_path: Path) -> None:
    """The public half verifies the signature."""
    key = loaded(tmp_path / "log.key")
    Ed25519PublicKey.from_public_bytes(key.public_key).verify(key.sign(b"message"), b"message")
    assert sign_note("text\n", [key]).startswith(b"text\n\n")


def test_the_key_of_another_log_is_refused(tmp_path: Path) -> None:
    """A log does not sign under a name that its key was not made for."""
    loaded(tmp_path / "log.key", "log.example/1")
    with pytest.raises(VaultFault):
        loaded(tmp_path / "log.key", "log.example/2")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PRIVATE+KEY+log.example/1",
        b"PRIVATE+KEY+log.example/1+00000000+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n",
        GO_FILE.replace(b"c74f20a3", b"c74f20a4"),
        GO_FILE.replace(b"+AYEK", b"+BYEK"),
        GO_FILE[:-6],
        b"\xff\xfe",
    ],
)
def test_a_damaged_key_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """A key file that was cut or changed is not replaced by a new key."""
    path = tmp_path / "log.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(VaultFault):
        loaded(path, "PeterNeumann")
    assert path.read_bytes() == content


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """A signing key that others could have copied proves nothing any more."""
    loaded(tmp_path / "log.key")
    (tmp_path / "log.key").chmod(0o640)
    with pytest.raises(VaultFault):
        loaded(tmp_path / "log.key")


def test_a_name_that_breaks_notes_is_refused(tmp_path: Path) -> None:
    """The log's name stands in every signature line."""
    with pytest.raises(LedgerFault):
        loaded(tmp_path / "log.key", "my log")
    assert not (tmp_path / "log.key").exists()


def test_the_key_does_not_show_itself(tmp_path: Path) -> None:
    """Neither printing the key nor its attributes shows the seed."""
    key = loaded(tmp_path / "log.key")
    secret = (tmp_path / "log.key").read_bytes().rpartition(b"+")[2].strip().decode()
    assert secret not in repr(key) + str(vars(key))
