"""``fairgate measure pairs``: a pack's scores of pairs of photos, measured as a score file is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fairgate.bootstrap.measuring import PackOnPairs
from fairgate.errors import PackRefused, TableRefused
from fairgate.measure.measured import SourceFile
from fairgate.measure.scores.in_memory import from_arrays

if TYPE_CHECKING:
    from tests.cli.conftest import Run

    from fairgate.cli.progress import Progress
    from fairgate.config import Settings


def _measured(settings: Settings, pairs: Path, progress: Progress) -> PackOnPairs:
    """Ten mated pairs, one of them without a usable probe, and forty non-mated."""
    progress(1, 1)
    score = np.concatenate([np.full(9, 50.0), [np.nan], np.arange(40)])
    mated = np.arange(50) < 10
    failure = np.where(np.isnan(score), 2, 0)
    people = [f"s{number}" for number in range(50)]
    others = [one if same else f"t{one}" for one, same in zip(people, mated, strict=True)]
    return PackOnPairs(
        source=from_arrays(score, mated, failure=failure, probe_subject=people, reference_subject=others),
        pack=(settings.pack, "ab" * 32),
        files=(SourceFile(pairs.name, "cd" * 32, 50),),
        notes=("60 photos were read.",),
    )


def test_pairs_are_measured_as_scores_are(run: Run) -> None:
    """The same keys, the pack that made the scores, and the digest of what was read."""
    ended = run("measure", "pairs", "p.csv", "--pack", "mine", "--fmr", "0.1", "--json", measure_pairs=_measured)
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)
    assert (told["mated"], told["non_mated"], told["source"]["failures"]) == (9, 40, 1)
    assert told["fnmr_at_fmr"]["1e-1"]["errors"] == 0
    assert told["method"]["pack"] == ["mine", "ab" * 32]
    assert told["method"]["notes"][0] == "60 photos were read."
    assert told["source"]["files"] == [{"name": "p.csv", "sha256": "cd" * 32, "rows": 50}]
    assert set(told) >= {"fnir_at_fpir_0.003", "groups", "transactions"}


def test_people_see_what_was_not_usable(run: Run) -> None:
    """A failure is a link of the chain, not a row less."""
    ended = run("measure", "pairs", "p.csv", "--fmr", "0.1", "--at-fmr", "0.1", measure_pairs=_measured)
    plain = ended.out.replace("\N{NARROW NO-BREAK SPACE}", " ")
    for wanted in ("9 mated", "Rows without a score: 1", "9 of 10", "60 photos were read"):
        assert wanted in plain


def test_options_are_checked_before_any_photo_is_read(run: Run) -> None:
    """A mistake costs a line, not an hour."""

    def never(settings: Settings, pairs: Path, progress: Progress) -> PackOnPairs:
        raise AssertionError("nothing should be read")

    assert run("measure", "pairs", "p.csv", "--at-fmr", "0.1", "--threshold", "3", measure_pairs=never).code == 2


def test_refusals_keep_their_codes(run: Run) -> None:
    """A table that cannot be read ends with 3, a pack that cannot be used with 4."""

    def no_table(settings: Settings, pairs: Path, progress: Progress) -> PackOnPairs:
        raise TableRefused("p.csv cannot be read.")

    def no_pack(settings: Settings, pairs: Path, progress: Progress) -> PackOnPairs:
        raise PackRefused("There is no pack.")

    assert run("measure", "pairs", "p.csv", measure_pairs=no_table).code == 3
    assert run("measure", "pairs", "p.csv", measure_pairs=no_pack).code == 4
