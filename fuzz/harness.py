"""What every fuzz target does: seeds, and the one promise that is tested.

The promise: any input ends in a value, or in one PapersError whose position lies in the input. Anything else is a
crash, and so are more than 10 seconds or 1 GiB.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import atheris

from fairgate.errors import PapersError

WORK = Path("build") / "fuzz"


def run(name: str, parse: Callable[[bytes], object], seeds: Sequence[bytes]) -> None:
    """Fuzz a parser until the time given on the command line is over (-max_total_time=SECONDS).

    Args:
        name: of the target; its corpus is kept in build/fuzz/NAME.
        parse: takes any bytes.
        seeds: good input to begin with.
    """
    corpus = WORK / name
    corpus.mkdir(parents=True, exist_ok=True)
    for place, seed in enumerate(seeds):
        (corpus / f"seed-{place}").write_bytes(seed)

    def one(content: bytes) -> None:
        try:
            parse(content)
        except PapersError as refused:
            position = refused.position
            if position is None or not 0 <= position <= len(content):
                raise AssertionError(f"refused at {position} of {len(content)}") from refused

    limits = ["-timeout=10", "-rss_limit_mb=1024", "-max_len=16384", "-verbosity=0", "-print_final_stats=1"]
    limits.append(f"-artifact_prefix={WORK}/{name}-")
    atheris.Setup([*sys.argv, *limits, str(corpus)], one)
    atheris.Fuzz()
