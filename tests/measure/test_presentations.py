"""Presentation attack detection: errors by kind of attack, and of the whole system."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import clopper_pearson, exact_bounds
from fairgate.measure.presentation_figures import sum_bounds
from fairgate.measure.presentation_words import presentations_in_words
from fairgate.measure.presentations import AttackKind, Presentations
from fairgate.measure.scores.batch import UNKNOWN, Failure, Names, PadDecision, ScoreBatch
from fairgate.measure.scores.in_memory import InMemoryScores, from_arrays
from fairgate.measure.scores.presentation_tally import PresentationTally

NAN = float("nan")
OK, ALARM, SILENT, UNASKED = PadDecision.BONA_FIDE, PadDecision.ATTACK, PadDecision.NO_RESPONSE, PadDecision.NOT_ASKED

Row = tuple[str, PadDecision, float, bool]


def tallied(source: InMemoryScores, pad_threshold: float | None = None) -> PresentationTally:
    """Return the tally of a source at comparison threshold 0.5."""
    tally = PresentationTally(0.5, pad_threshold, source.names)
    for batch in source.batches():
        tally.add(batch)
    return tally


def figures(source: InMemoryScores, pad_threshold: float | None = None) -> Presentations:
    """Return the rates of a source at comparison threshold 0.5."""
    found = tallied(source, pad_threshold).figures()
    assert found is not None
    return found


def decided(rows: list[Row], batch_rows: int = 1000) -> InMemoryScores:
    """Return rows of (attack, decision, score, mated) as a source."""
    attack, decision, score, mated = zip(*rows, strict=True)
    return from_arrays(score, mated, attack=attack, pad_decision=decision, batch_rows=batch_rows)


BY_HAND: list[Row] = [
    *[("print", ALARM, 0.9, False)] * 6,  # detected: not accepted although it would have matched
    *[("print", OK, 0.9, False)] * 2,  # passed and matched
    ("print", OK, 0.1, False),  # passed, not matched
    ("print", SILENT, NAN, False),  # no response: as good as detected
    *[("mask", OK, 0.1, False)] * 3,
    *[("mask", ALARM, NAN, False)] * 1,
    *[("", OK, 0.9, True)] * 15,
    *[("", OK, 0.1, True)] * 2,  # rejected by comparison
    *[("", ALARM, 0.9, True)] * 2,  # rejected by detection
    *[("", SILENT, NAN, True)] * 1,  # rejected for want of a response
]


def by_name(found: Presentations) -> dict[str, AttackKind]:
    """Return the kinds by name."""
    return {kind.name: kind for kind in found.kinds}


def test_rates_by_hand() -> None:
    """Each kind has its own rates, counted against its own presentations.

    print: 10 presentations, 3 taken for bona fide, 1 unanswered, 2 accepted by the system.
    mask: 4 presentations, 3 taken for bona fide, none accepted.
    bona fide: 20 presentations, 2 alarms, 1 unanswered; 2 + 2 + 1 rejected.
    """
    found = figures(decided(BY_HAND))
    kinds = by_name(found)
    assert kinds["print"].apcer == clopper_pearson(3, 10)
    assert kinds["print"].no_response == clopper_pearson(1, 10)
    assert kinds["print"].iapar == clopper_pearson(2, 10)
    assert kinds["mask"].apcer == clopper_pearson(3, 4)
    assert kinds["mask"].iapar == clopper_pearson(0, 4)
    assert found.worst == "mask"
    assert found.bpcer == clopper_pearson(2, 20)
    assert found.no_response == clopper_pearson(1, 20)
    assert found.turned_away == clopper_pearson(3, 20)
    assert found.frr == clopper_pearson(5, 20)
    assert kinds["print"].riapar == pytest.approx(0.2 + 0.25)
    assert kinds["mask"].riapar == pytest.approx(0.25)
    assert found.pad_threshold is None
    assert found.threshold == 0.5
    assert found.not_asked == 0


def test_riapar_interval_by_hand() -> None:
    """Its ends lie from the sum by the root of the squared reaches of the two exact intervals."""
    kind = by_name(figures(decided(BY_HAND)))["print"]
    (low_i, high_i), (low_f, high_f) = exact_bounds(2, 10), exact_bounds(5, 20)
    assert kind.riapar_low == pytest.approx(0.45 - math.hypot(0.2 - low_i, 0.25 - low_f))
    assert kind.riapar_high == pytest.approx(0.45 + math.hypot(high_i - 0.2, high_f - 0.25))


def test_a_sum_of_rates_is_covered_by_its_interval() -> None:
    """Over true rates from rare to even and unequal sizes the sum's interval covers in at least 95 % of samples."""
    rng = np.random.default_rng(7)
    for first, second, n, m in (
        (0.01, 0.02, 60, 200),
        (0.2, 0.05, 30, 300),
        (0.002, 0.002, 300, 300),
        (0.5, 0.3, 20, 40),
    ):
        covered = 0
        for a, b in zip(rng.binomial(n, first, 600), rng.binomial(m, second, 600), strict=True):
            low, high = sum_bounds(clopper_pearson(int(a), n), clopper_pearson(int(b), m))
            covered += low <= first + second <= high
        assert covered / 600 >= 0.95


@given(st.permutations(BY_HAND), st.integers(1, 40))
def test_batches_and_order_do_not_matter(rows: list[Row], batch_rows: int) -> None:
    """However the rows are shuffled and dealt into batches, the figures are the same."""
    assert figures(decided(rows, batch_rows)) == figures(decided(BY_HAND))


def test_no_error_seen() -> None:
    """With no attack missed in 60, the exact interval ends at 6 %, and 4.9 % is the smallest rate 60 exclude."""
    found = figures(decided([("print", ALARM, NAN, False)] * 60))
    kind = found.kinds[0]
    assert (kind.apcer.count, kind.apcer.low) == (0, 0.0)
    assert kind.apcer.high == pytest.approx(1 - 0.025 ** (1 / 60))
    assert kind.excluded_from == pytest.approx(1 - 0.05 ** (1 / 60))
    assert any("excludes, one-sided, rates from 4.9" in line for line in presentations_in_words(found))


def test_detection_scores_need_a_threshold() -> None:
    """A detection score at the threshold is an alarm; without a threshold nothing is said, and a note says why."""
    score = [NAN] * 4
    source = from_arrays(score, [False] * 4, attack=["print", "print", "", ""], pad_score=[0.7, 0.6, 0.7, NAN])
    found = figures(source, 0.7)
    assert found.kinds[0].apcer == clopper_pearson(1, 2)
    assert found.bpcer == clopper_pearson(1, 1)
    assert found.not_asked == 1
    assert found.pad_threshold == 0.7
    assert found.threshold is None
    without = tallied(source)
    assert without.figures() is None
    assert "No detection threshold was given for 3 presentation rows" in without.notes[0]


def test_a_decision_goes_before_a_score() -> None:
    """Where a row states both, what was decided counts."""
    source = from_arrays([NAN], [False], attack=["print"], pad_score=[0.9], pad_decision=[OK])
    found = figures(source, 0.5)
    assert found.kinds[0].apcer.count == 1
    assert found.pad_threshold is None


def test_detection_alone_says_nothing_of_the_system() -> None:
    """Without any comparison of an attack there is neither IAPAR nor RIAPAR, however much was detected."""
    rows: list[Row] = [("print", ALARM, NAN, False)] * 9 + [("print", OK, NAN, False)] + [("", OK, 0.9, True)] * 5
    found = figures(decided(rows))
    assert found.kinds[0].iapar is None
    assert found.kinds[0].riapar is None
    assert found.frr == clopper_pearson(0, 5)


def test_what_passed_and_was_not_compared_is_left_out() -> None:
    """It is in APCER, in no IAPAR, and counted; a failure to acquire after passing is a rejection."""
    source = from_arrays(
        [0.9, NAN, NAN],
        [False] * 3,
        attack=["print"] * 3,
        pad_decision=[OK] * 3,
        failure=[Failure.NONE, Failure.NONE, Failure.NOT_USABLE],
    )
    kind = figures(source).kinds[0]
    assert kind.apcer == clopper_pearson(3, 3)
    assert kind.iapar == clopper_pearson(1, 2)
    assert kind.not_compared == 1
    assert "counts 1 of the presentation rows" in tallied(source).notes[0]


def test_without_detection_everything_passes() -> None:
    """A source with attacks and no detection shows how often attacks match."""
    source = from_arrays([0.9, 0.1, 0.9, 0.1], [False, False, True, True], attack=["print", "print", "", ""])
    found = figures(source)
    assert found.kinds[0].apcer.value is None
    assert found.kinds[0].excluded_from is None
    assert found.kinds[0].iapar == clopper_pearson(1, 2)
    assert found.kinds[0].riapar == pytest.approx(1.0)
    assert found.worst is None


def test_a_presentation_compared_often_counts_once() -> None:
    """Rows of one probe are one presentation to detection, and as many claims to the system."""
    source = from_arrays(
        [0.9, 0.1, 0.1, 0.9, 0.9],
        [False, False, False, True, True],
        attack=["print"] * 3 + [""] * 2,
        probe=["a", "a", "b", "c", "c"],
        pad_decision=[OK, OK, ALARM, ALARM, ALARM],
    )
    found = figures(source)
    assert found.kinds[0].apcer == clopper_pearson(1, 2)
    assert found.kinds[0].iapar == clopper_pearson(1, 3)
    assert found.bpcer == clopper_pearson(1, 1)
    assert found.frr == clopper_pearson(2, 2)


@pytest.mark.parametrize("batch_rows", [1, 2])
def test_two_answers_for_one_probe_are_refused(batch_rows: int) -> None:
    """In one batch or over two, a probe with two answers or of two kinds is refused."""
    for attack, decision in ((["print"] * 2, [OK, ALARM]), (["print", ""], [OK, OK])):
        source = from_arrays(
            [NAN] * 2, [False] * 2, attack=attack, pad_decision=decision, probe=["a", "a"], batch_rows=batch_rows
        )
        with pytest.raises(ScoresRefused, match="one probe has two"):
            tallied(source)


def test_people_without_a_reference_are_in_no_frr() -> None:
    """Who was never enrolled cannot be rejected by comparison."""
    source = from_arrays([0.9, NAN], [True] * 2, pad_decision=[OK, OK], failure=[Failure.NONE, Failure.NO_REFERENCE])
    assert figures(source).frr == clopper_pearson(0, 1)


def test_a_matrix_of_scores() -> None:
    """Answers of shape (probes, 1) are counted once a probe and used for each of its comparisons."""
    batch = ScoreBatch(
        first_row=1,
        score=np.array([[0.9, 0.1], [0.9, 0.9]], dtype=np.float32),
        mated=np.array([[True, False], [False, False]]),
        probe=np.array([[0], [1]], dtype=np.int32),
        attack=np.array([[UNKNOWN], [0]], dtype=np.int16),
        pad_decision=np.array([[ALARM], [OK]], dtype=np.int8),
    )
    found = figures(InMemoryScores([batch], Names(probes=2, attacks=["print"]), ()))
    assert found.bpcer == clopper_pearson(1, 1)
    assert found.kinds[0].apcer == clopper_pearson(1, 1)
    assert found.kinds[0].iapar == clopper_pearson(2, 2)
    assert found.frr == clopper_pearson(1, 1)


def test_nothing_about_attacks() -> None:
    """A source of plain comparisons, or of no rows, has no such figures."""
    assert tallied(from_arrays([0.9, 0.1], [True, False])).figures() is None
    assert tallied(from_arrays([], [], attack=[])).figures() is None


def test_detection_without_attacks() -> None:
    """Bona fide presentations alone give a BPCER and no kinds."""
    found = figures(from_arrays([NAN] * 2, [False] * 2, pad_decision=[OK, ALARM]))
    assert found.kinds == ()
    assert found.worst is None
    assert found.bpcer == clopper_pearson(1, 2)


def test_all_attacks_undetected() -> None:
    """Failure throughout is a rate of one with an exact interval."""
    kind = figures(decided([("print", OK, 0.9, False)] * 5)).kinds[0]
    assert kind.apcer == clopper_pearson(5, 5)
    assert kind.iapar == clopper_pearson(5, 5)
    assert kind.riapar is None


def test_in_words() -> None:
    """Each kind is told for itself, and the bona fide side beside it."""
    told = " ".join(presentations_in_words(figures(decided(BY_HAND))))
    assert "Of attacks of the kind print, 3 of 10" in told
    assert "The kind least often detected is mask" in told
    assert "2 of 20" in told
    assert "RIAPAR" in told
