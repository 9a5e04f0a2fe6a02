"""How quick zones are read and built: a thousand of all five kinds, no two alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from fairgate.bench.timing import Turn, take_turns
from fairgate.papers.document_facts import DocumentFacts, PartialDate, Source
from fairgate.papers.mrz import MrzKind, read_mrz
from fairgate.papers.mrz.build import build_mrz

ZONES = 1000
_ON = date(2026, 11, 22)
_CODES = {MrzKind.TD1: "I", MrzKind.TD2: "I", MrzKind.TD3: "P", MrzKind.MRV_A: "V", MrzKind.MRV_B: "V"}


def zone_section(rounds: int, progress: Callable[[int, int], None]) -> Mapping[str, object]:
    """Time building and reading a thousand zones."""
    made = [made_facts(place) for place in range(ZONES)]
    texts = [build_mrz(kind, facts).text for kind, facts in made]
    turns = [
        Turn("read", lambda: sum(read_mrz(text, on=_ON).check_digits_hold for text in texts)),
        Turn("build", lambda: sum(len(build_mrz(kind, facts).lines) for kind, facts in made)),
    ]
    times = take_turns(turns, rounds, progress)
    return {
        "zones": ZONES,
        "bytes": sum(map(len, texts)),
        "rows": {name: taken.as_row() for name, taken in times.items()},
        "zones_per_second": round(1000 * ZONES / times["read"].median),
    }


def made_facts(place: int) -> tuple[MrzKind, DocumentFacts]:
    """Return the kind and facts of one zone, by its place in the row."""
    kind = tuple(MrzKind)[place % len(MrzKind)]
    facts = DocumentFacts(
        source=Source.MRZ,
        document_code=_CODES[kind],
        issuer="UTO",
        number=f"X{place:08d}",
        family_name="ERIKSSON",
        given_names="ANNA MARIA",
        nationality="UTO",
        born=PartialDate.of(_ON - timedelta(days=7000 + 11 * place)),
        sex="FMX"[place % 3],
        expires_on=_ON + timedelta(days=place),
    )
    return kind, facts
