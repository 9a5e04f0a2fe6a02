"""From a text to the lines of one zone, each character with its place in the input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fairgate.errors import PapersError
from fairgate.papers.findings import Findings
from fairgate.papers.mrz.alphabet import ALPHABET, FILLER, LETTERS
from fairgate.papers.mrz.facts import MrzFindingCode
from fairgate.papers.mrz.formats import FORMATS, Format, MrzKind, kind_of

MOST_CHARACTERS = 4096
"""A zone has at most 90 characters; a reader of pictures may put some lines of text around it."""
MOST_OFF = 3
"""How many fillers a line may have too few or too many, as readers of pictures miscount runs of them."""
MOST_UNREADABLE = 0.25
UNREADABLE = "?"
_PLAIN = frozenset(ALPHABET)
_IN_ONE_RUN = {90: 30, 88: 44, 72: 36}


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Args:
        text: capital letters, digits, fillers, and ``?`` for anything else.
        offsets: of each character in the input.
        had_spaces: white space within it was left out.
        had_lower_case: small letters were read as capitals.
        off_by: characters missing (below 0) or too many (above 0), before they were made up for.
    """

    text: str
    offsets: tuple[int, ...]
    had_spaces: bool = False
    had_lower_case: bool = False
    off_by: int = 0

    def offset(self, place: int) -> int:
        """Return where a character stands in the input, in bytes."""
        return self.offsets[min(place, len(self.offsets) - 1)]


def zone_lines(text: str, findings: Findings) -> tuple[Format, tuple[Line, ...]]:
    """Return the zone's format and its lines, each as wide as the format wants.

    Raises:
        PapersError: there is no zone in the text, or the text is too long.
    """
    if len(text) > MOST_CHARACTERS:
        raise PapersError("The text is too long for a machine-readable zone.", position=MOST_CHARACTERS)
    lines = [line for line in _lines(text) if line.text]
    start = lines[0].offsets[0] if lines else 0
    found = _find(lines)
    if found is None:
        raise PapersError(
            "There is no machine-readable zone: it has 2 lines of 44 or 36 characters, or 3 lines of 30.",
            position=start,
        )
    layout, chosen, others = found
    unreadable = sum(line.text.count(UNREADABLE) for line in chosen)
    if unreadable > MOST_UNREADABLE * layout.lines * layout.width:
        raise PapersError("Too little of the machine-readable zone is readable.", position=chosen[0].offsets[0])
    if others:
        findings.note(
            MrzFindingCode.TEXT_AROUND, "There are other lines around the zone.", where="whole input", position=start
        )
    for number, line in enumerate(chosen, start=1):
        _note(line, number, findings)
    return layout, tuple(chosen)


def _lines(text: str) -> Iterator[Line]:
    start = 0
    for run in text.replace("\r", "\n").split("\n"):
        if run and _PLAIN.issuperset(run):
            yield Line(run, tuple(range(start, start + len(run))))
            start += len(run) + 1
            continue
        kept: list[str] = []
        offsets: list[int] = []
        lower = False
        inner = run.strip()
        for place, character in enumerate(run):
            if character.isspace():
                continue
            capital = character.upper() if character.isascii() else UNREADABLE
            lower = lower or (capital != character and capital in LETTERS)
            kept.append(capital if capital in ALPHABET else UNREADABLE)
            offsets.append(start + place)
        yield Line("".join(kept), tuple(offsets), any(character.isspace() for character in inner), lower)
        start += len(run) + 1


def _find(lines: Sequence[Line]) -> tuple[Format, list[Line], bool] | None:
    for slack in range(MOST_OFF + 1):
        for place, line in enumerate(lines):
            width = _IN_ONE_RUN.get(len(line.text))
            if not slack and width is not None and line.text[0] in LETTERS:
                chosen = _pieces(line, width)
                return FORMATS[_kind(chosen, width)], chosen, len(lines) > 1
            for count, wide in ((3, 30), (2, 44), (2, 36)):
                fitted = _fitted(lines[place : place + count], count, wide, slack)
                if fitted is not None:
                    return FORMATS[_kind(fitted, wide)], fitted, len(lines) > count
    return None


def _pieces(line: Line, width: int) -> list[Line]:
    starts = range(0, len(line.text), width)
    return [
        replace(line, text=line.text[start : start + width], offsets=line.offsets[start : start + width])
        for start in starts
    ]


def _kind(lines: Sequence[Line], width: int) -> MrzKind:
    kind = kind_of(len(lines), width, lines[0].text[0])
    if kind is None:  # _find asks for the five formats only
        raise PapersError("There is no machine-readable zone.", position=lines[0].offsets[0])
    return kind


def _fitted(lines: Sequence[Line], count: int, width: int, slack: int) -> list[Line] | None:
    """Return the lines made as wide as they should be, or ``None`` where they are too far off."""
    if len(lines) != count or max(abs(len(line.text) - width) for line in lines) != slack:
        return None
    if lines[0].text[0] not in LETTERS:
        return None
    name_line = 2 if count == 3 else 0
    fitted = [_widened(line, width, at_end=number == name_line) for number, line in enumerate(lines)]
    whole = [line for line in fitted if line is not None]
    return whole if len(whole) == count else None


def _widened(line: Line, width: int, *, at_end: bool) -> Line | None:
    """Return a line with fillers added to, or taken from, a run of them; ``None`` where there is no such run.

    Args:
        line: to be made as wide as the format wants.
        width: that.
        at_end: the run is at the line's end, as in a name; else it is the longest.
    """
    off_by = len(line.text) - width
    if not off_by:
        return line
    start, length = _run_at_end(line.text) if at_end else _longest_run(line.text)
    if length < max(2, off_by + 1):
        return None
    offsets = list(line.offsets)
    if off_by > 0:
        text = line.text[:start] + line.text[start + off_by :]
        del offsets[start : start + off_by]
    else:
        text = line.text[:start] + FILLER * -off_by + line.text[start:]
        offsets[start:start] = [offsets[start]] * -off_by
    return replace(line, text=text, offsets=tuple(offsets), off_by=off_by)


def _run_at_end(text: str) -> tuple[int, int]:
    start = len(text.rstrip(FILLER))
    return start, len(text) - start


def _longest_run(text: str) -> tuple[int, int]:
    best_start, best = 0, 0
    start = 0
    for place, character in enumerate(text):
        if character != FILLER:
            start = place + 1
        elif place - start + 1 > best:
            best_start, best = start, place - start + 1
    return best_start, best


def _note(line: Line, number: int, findings: Findings) -> None:
    where = f"line {number}"
    at = line.offsets[0]
    if line.had_spaces:
        findings.note(MrzFindingCode.SPACE_IN_LINE, "White space was left out.", where=where, position=at)
    if line.had_lower_case:
        findings.note(MrzFindingCode.LOWER_CASE, "Small letters were read as capitals.", where=where, position=at)
    if line.off_by:
        few_or_many = "too many" if line.off_by > 0 else "missing"
        text = f"{_counted(abs(line.off_by))} {few_or_many}; a run of fillers was made to fit."
        findings.note(MrzFindingCode.LINE_LENGTH, text, where=where, position=at)
    _note_unreadable(line, number, findings)


def _note_unreadable(line: Line, number: int, findings: Findings) -> None:
    for place in _places_of(UNREADABLE, line.text):
        findings.note(
            MrzFindingCode.CHARACTER_NOT_ALLOWED,
            "The character is not one of a machine-readable zone.",
            where=f"line {number}, position {place + 1}",
            position=line.offset(place),
        )


def _places_of(wanted: str, text: str) -> Iterable[int]:
    return (place for place, character in enumerate(text) if character == wanted)


def _counted(count: int) -> str:
    return "1 character is" if count == 1 else f"{count} characters are"
