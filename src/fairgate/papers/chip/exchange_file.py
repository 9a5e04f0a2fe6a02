"""The recorded exchanges of one chip, as a reader writes them beside the chip's files.

The reader writes this file, never the chip: it holds what the reader drew (challenge, ephemeral private key) and what
the chip answered. The format is ours; docs/reference/passport-chips.md has it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from fairgate.errors import PapersError
from fairgate.papers.chip.chip_authentication import RecordedExchange

LARGEST_BYTES = 262_144
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]*")
_LONGEST_KEY_DIGITS = 1024
_PARTS = {"active": {"challenge", "response"}, "chip": {"terminal_private_key", "response", "counter"}}
_OPTIONAL = {"counter"}


@dataclass(frozen=True, slots=True)
class ActiveExchange:
    """A challenge and the chip's answer to it.

    Args:
        challenge: what the reader drew and sent, 8 bytes.
        response: the signature.
    """

    challenge: bytes
    response: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RecordedExchanges:
    """What a reader recorded.

    Args:
        active: of active authentication; ``None`` where there was none.
        chip: of chip authentication; ``None`` where there was none.
    """

    active: ActiveExchange | None = None
    chip: RecordedExchange | None = None


NOTHING_RECORDED = RecordedExchanges()


def read_exchanges(content: bytes) -> RecordedExchanges:
    """Read a file of recorded exchanges.

    Raises:
        PapersError: it is no such file, is too large, or says something twice or that is not known.
    """
    if len(content) > LARGEST_BYTES:
        raise _refused(f"it is larger than {LARGEST_BYTES} bytes")
    try:
        told = json.loads(content, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise _refused("it is no JSON, or says something twice") from error
    if not isinstance(told, dict) or not told or not set(told) <= set(_PARTS):
        raise _refused("it is no object with active, chip, or both")
    active, chip = (_part(told, name) for name in _PARTS)
    return RecordedExchanges(
        ActiveExchange(_octets(active, "challenge"), _octets(active, "response")) if active is not None else None,
        _chip(chip) if chip is not None else None,
    )


def octets_of(text: str) -> bytes | None:
    """Return the octets that hexadecimal digits write, blanks and colons left out; ``None`` where they are none."""
    digits = re.sub(r"[\s:]", "", text)
    return bytes.fromhex(digits) if _HEXADECIMAL.fullmatch(digits) and len(digits) % 2 == 0 else None


def _chip(told: dict[str, object]) -> RecordedExchange:
    private_key, counter = told["terminal_private_key"], told.get("counter", 2)
    if not isinstance(private_key, str) or not _is_number(private_key):
        raise _refused("terminal_private_key is not in hexadecimal digits")
    if not isinstance(counter, int) or isinstance(counter, bool):
        raise _refused("counter is no whole number")
    return RecordedExchange(int(private_key, 16), _octets(told, "response"), counter)


def _is_number(digits: str) -> bool:
    return 0 < len(digits) <= _LONGEST_KEY_DIGITS and _HEXADECIMAL.fullmatch(digits) is not None


def _part(told: dict[str, object], name: str) -> dict[str, object] | None:
    found = told.get(name)
    if found is None:
        return None
    known = _PARTS[name]
    if not isinstance(found, dict) or not known - _OPTIONAL <= set(found) <= known:
        raise _refused(f"{name} holds {' and '.join(sorted(known - _OPTIONAL))}, and nothing that is not known")
    return found


def _octets(told: dict[str, object], name: str) -> bytes:
    written = told[name]
    found = octets_of(written) if isinstance(written, str) else None
    if found is None:
        raise _refused(f"{name} is not in hexadecimal digits")
    return found


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    told = dict(pairs)
    if len(told) < len(pairs):
        raise ValueError("a name stands twice")
    return told


def _refused(what: str) -> PapersError:
    way_out = "docs/reference/passport-chips.md has the form."
    return PapersError(f"The file of recorded exchanges cannot be used: {what}.", position=0, way_out=way_out)
