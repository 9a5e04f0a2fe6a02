"""The verifier is one file that stands alone: it runs where Fairgate is not, and imports nothing of it."""

from __future__ import annotations

import ast
import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import fairgate.verifier

if TYPE_CHECKING:
    from tests.verifier.conftest import WrittenLedger

SOURCE = Path(fairgate.verifier.__file__)
WITHOUT_FAIRGATE = """
import runpy, sys
sys.modules["fairgate"] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the file from an empty folder, with the package made impossible to import."""
    shutil.copy(SOURCE, folder / "verifier.py")
    command = [sys.executable, "-I", "-c", WITHOUT_FAIRGATE, str(folder / "verifier.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=60)


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def write_bundle(path: Path, ledger: WrittenLedger) -> list[dict[str, Any]]:
    """Write a bundle as the verifier's documentation describes it, and return its lines."""
    lines: list[dict[str, Any]] = [{"bundle": "fairgate-ledger", "v": 1, "key": ledger.key, "records": True}]
    lines += [{"leaf": encoded(leaf)} for leaf in ledger.leaves]
    lines += [{"checkpoint": note.decode()} for note in ledger.notes]
    lines += [
        {"record": {"leaf": item.leaf_index, "of": item.of, "salt": encoded(item.salt), "bytes": encoded(item.record)}}
        for item in ledger.records
    ]
    lines += [{"anchor": ledger.anchor.decode()}] if ledger.anchor else []
    path.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
    return lines


def test_it_imports_nothing_but_cryptography() -> None:
    """Every import names the standard library or cryptography, and no database."""
    tree = ast.parse(SOURCE.read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    foreign = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)
    assert foreign == {"cryptography"}
    assert "sqlite3" not in names


def test_a_sound_bundle_passes(ledger: WrittenLedger, tmp_path: Path) -> None:
    """Exit code 0, and a word about the key when it came with the bundle."""
    write_bundle(tmp_path / "bundle.jsonl", ledger)
    done = run(tmp_path, "bundle.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "10 entries: sound"
    assert "came with the bundle" in done.stdout
    assert "came with the bundle" not in run(tmp_path, "bundle.jsonl", "--key", ledger.key).stdout


def test_a_tampered_bundle_fails(ledger: WrittenLedger, tmp_path: Path) -> None:
    """Exit code 1, and the first bad entry, for people and for programs."""
    ledger.leaves[6] = ledger.leaves[5]
    write_bundle(tmp_path / "bundle.jsonl", ledger)
    done = run(tmp_path, "bundle.jsonl", "--json")
    result = json.loads(done.stdout)
    assert done.returncode == 1
    assert (result["entries"], result["ok"], result["first_bad"]) == (10, False, 6)
    assert {problem["index"] for problem in result["problems"]} == {6}
    plain = run(tmp_path, "bundle.jsonl")
    assert "entry 6: checkpoint_mismatch" in plain.stdout
    assert plain.stdout.splitlines()[-1] == "10 entries: NOT SOUND"


def test_an_anchor_from_outside_counts(ledger: WrittenLedger, tmp_path: Path) -> None:
    """A bundle cut short passes with its own anchor and fails with the one kept elsewhere."""
    assert ledger.anchor is not None
    (tmp_path / "anchor").write_bytes(ledger.anchor)
    del ledger.leaves[6:], ledger.notes[6:], ledger.records[6:]
    ledger.anchor = ledger.notes[-1]
    write_bundle(tmp_path / "bundle.jsonl", ledger)
    assert run(tmp_path, "bundle.jsonl").returncode == 0
    assert run(tmp_path, "bundle.jsonl", "--anchor", "anchor").returncode == 1


def test_a_public_bundle_has_no_records(ledger: WrittenLedger, tmp_path: Path) -> None:
    """Without records the commitments stay shut, and the log is checked all the same."""
    lines = write_bundle(tmp_path / "bundle.jsonl", ledger)
    lines[0]["records"] = False
    kept = [line for line in lines if "record" not in line]
    (tmp_path / "bundle.jsonl").write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in kept))
    assert run(tmp_path, "bundle.jsonl").returncode == 0


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not json\n",
        '{"bundle":"other","v":1}\n',
        '{"bundle":"fairgate-ledger","v":2}\n',
        '{"bundle":"fairgate-ledger","v":1}\n',
        '{"bundle":"fairgate-ledger","v":1,"key":"KEY"}\n{"stranger":1}\n',
        '{"bundle":"fairgate-ledger","v":1,"key":"KEY"}\n{"leaf":"!"}\n',
        '{"bundle":"fairgate-ledger","v":1,"key":"KEY"}\n{"leaf":1}\n',
        '{"bundle":"fairgate-ledger","v":1,"key":"KEY"}\n{"leaf":\n',
        '{"bundle":"fairgate-ledger","v":1,"key":"KEY","records":true}\n{"record":{"leaf":"x"}}\n',
        '{"bundle":"fairgate-ledger","v":1,"key":"KEY"}\n{"anchor":1}\n',
    ],
)
def test_what_is_no_bundle_is_refused_in_one_line(ledger: WrittenLedger, tmp_path: Path, content: str) -> None:
    """Exit code 3 and one line, never a traceback."""
    (tmp_path / "bundle.jsonl").write_text(content.replace("KEY", ledger.key))
    done = run(tmp_path, "bundle.jsonl")
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_usage_and_absent_files(tmp_path: Path) -> None:
    """No bundle named is a mistake of usage; a bundle that is not there cannot be read."""
    assert run(tmp_path).returncode == 2
    assert run(tmp_path, "absent.jsonl").returncode == 3
