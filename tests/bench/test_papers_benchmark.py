"""The benchmark of papers: what it measures is read whole, and the rival splits the same segments."""

from __future__ import annotations

from datetime import date

from fairgate.bench.papers import Progress, bench_papers, made_list, pydifact_split
from fairgate.papers.edifact.segments import segments
from fairgate.papers.findings import Findings
from fairgate.papers.paxlst.reader import read_passenger_list
from fairgate.papers.paxlst.writer import write_passenger_list


def test_the_invented_list_is_read_whole_and_split_alike() -> None:
    """Everybody is there, nothing deviates, and both tokenizers see as many segments."""
    content = write_passenger_list(made_list(50))
    read = read_passenger_list(content, on=date(2026, 11, 22))
    assert len(read.passengers) == 50
    assert read.findings == ()
    split = pydifact_split(content.decode("ascii"))
    assert split is not None
    # pydifact counts UNA as a segment too.
    assert split() in (ours := sum(1 for _ in segments(content, Findings())), ours + 1)


def test_each_section_stands_under_its_name() -> None:
    """Sections run in order, each with its own progress, beside the machine and the load."""
    seen: list[str] = []

    def section(rounds: int, progress: Progress) -> dict[str, object]:
        progress(rounds, rounds)
        return {"rounds": rounds}

    def progress(name: str) -> Progress:
        return lambda done, total: seen.append(name)

    figures = bench_papers(2, progress, {"one": section, "another": section})
    assert seen == ["one", "another"]
    assert figures["another"] == {"rounds": 2}
    assert {"rounds", "machine", "load_average_before"} <= set(figures)
