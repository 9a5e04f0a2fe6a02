"""The files of a chip, of a trust folder, and of a machine-readable zone, read and not looked into."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fairgate.errors import FairgateError, InputRefused, TrustRefused
from fairgate.outside.plain_files import Unread, read_plain_file
from fairgate.papers.chip.read import recognised

MOST_FILES = 1000
MOST_CHIP_FILES = 64
LARGEST_TRUST_BYTES = 512 * 1024 * 1024
LARGEST_CHIP_BYTES = 2 * 1024 * 1024
LARGEST_ZONE_BYTES = 4096
EXCHANGES_FILE = "exchanges.json"
"""Name of the reader's recording within a chip's folder."""


def read_trust_files(named: Sequence[Path], folder: Path | None) -> dict[str, bytes]:
    """Return the files that make the trust: those named, else those in the folder.

    Names that start with a dot and folders inside are left out.

    Raises:
        TrustRefused: there are none, or one cannot be read.
    """
    if not named and folder is None:
        raise TrustRefused(
            "Nobody is named whose signature on passports is believed.",
            way_out="Set trust_dir to a folder with a master list, or name files with --trust.",
        )
    paths = list(named) if named or folder is None else _in(folder, TrustRefused)
    if not paths:
        raise TrustRefused("The trust folder is empty.", way_out="Put a master list there.")
    found: dict[str, bytes] = {}
    for path in paths:
        content = read_plain_file(path, LARGEST_TRUST_BYTES)
        if isinstance(content, Unread):
            raise TrustRefused(f"The trust file {path.name} cannot be read: {_words(content)}.")
        found[str(path)] = bytes(content)
    return found


def read_chip_folder(folder: Path) -> dict[str, bytes]:
    """Return the files that were read of one chip, by name; all files of the folder where none is a chip's.

    Raises:
        InputRefused: there is no such folder, or one of its files cannot be read.
    """
    found: dict[str, bytes] = {}
    inside = _in(folder, InputRefused)
    if len(inside) > MOST_CHIP_FILES:
        raise InputRefused(f"The folder {folder.name} holds more than {MOST_CHIP_FILES} files.")
    for path in inside:
        content = read_plain_file(path, LARGEST_CHIP_BYTES, within=folder)
        if isinstance(content, Unread):
            raise InputRefused(f"The chip's file {path.name} cannot be read: {_words(content)}.")
        found[path.name] = bytes(content)
    return {name: content for name, content in found.items() if recognised(content, name) is not None} or found


def read_recorded(folder: Path, named: Path | None) -> bytes | None:
    """Return what a reader recorded of talking to a chip: the file named, else the one in the chip's folder.

    Returns:
        ``None`` where none is named and there is none.

    Raises:
        InputRefused: it cannot be read.
    """
    if named is None and not (folder / EXCHANGES_FILE).exists():
        return None
    content = read_plain_file(named or folder / EXCHANGES_FILE, LARGEST_CHIP_BYTES, within=None if named else folder)
    if isinstance(content, Unread):
        raise InputRefused(f"The recorded exchanges cannot be read: {_words(content)}.")
    return bytes(content)


def read_zone(text_or_file: str) -> str:
    """Return a machine-readable zone that was given as it is, or as the name of a file that holds it.

    Raises:
        InputRefused: the file cannot be read.
    """
    if "<" in text_or_file:
        return text_or_file
    content = read_plain_file(Path(text_or_file), LARGEST_ZONE_BYTES)
    if isinstance(content, Unread):
        raise InputRefused(
            f"The machine-readable zone cannot be read: {_words(content)}.",
            way_out="Give its text, or a file that holds it.",
        )
    return bytes(content).decode("latin-1")


def _in(folder: Path, refusal: type[FairgateError]) -> list[Path]:
    try:
        inside = sorted(one for one in folder.iterdir() if not one.name.startswith(".") and not one.is_dir())
    except OSError as error:
        raise refusal(f"The folder {folder.name} cannot be read.", way_out="Check the path.") from error
    if len(inside) > MOST_FILES:
        raise refusal(f"The folder {folder.name} holds more than {MOST_FILES} files.")
    return inside


def _words(unread: Unread) -> str:
    return unread.value.replace("_", " ")
