"""Transactions: attempts, the chain from offered to matched, failures to enrol and to acquire."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import clopper_pearson
from fairgate.measure.scores.batch import Failure, Names, ScoreBatch
from fairgate.measure.scores.in_memory import InMemoryScores, from_arrays
from fairgate.measure.scores.transaction_tally import TransactionTally
from fairgate.measure.transaction_figures import ToldApart, policy_in_words
from fairgate.measure.transaction_pairs import TransactionsOfPairs
from fairgate.measure.transaction_states import TransactionStates
from fairgate.measure.transaction_words import transactions_in_words
from fairgate.measure.transactions import Transactions

NAN = float("nan")
NONE, UNCAPTURED, UNUSABLE, UNREFERENCED = Failure.NONE, Failure.NOT_CAPTURED, Failure.NOT_USABLE, Failure.NO_REFERENCE

Row = tuple[str, int, float, bool, Failure]

# transaction, attempt, score, mated, failure
BY_HAND: list[Row] = [
    ("g1", 1, 0.9, True, NONE),  # matched at once
    ("g2", 1, NAN, True, UNCAPTURED),  # matched at the second attempt, the first not captured
    ("g2", 2, 0.9, True, NONE),
    ("g3", 1, 0.1, True, NONE),  # matched at the third attempt
    ("g3", 2, 0.1, True, NONE),
    ("g3", 3, 0.9, True, NONE),
    ("g4", 1, 0.1, True, NONE),  # would match at the fourth only
    ("g4", 4, 0.9, True, NONE),
    ("g5", 1, NAN, True, UNUSABLE),  # captured, never usable
    ("g5", 2, NAN, True, UNCAPTURED),
    ("g6", 1, NAN, True, UNREFERENCED),  # usable, nothing to compare with
    ("g7", 1, NAN, True, UNCAPTURED),  # never captured
    ("i1", 1, 0.1, False, NONE),  # never accepted
    ("i2", 1, 0.1, False, NONE),  # accepted at the second attempt
    ("i2", 2, 0.9, False, NONE),
    ("i3", 1, NAN, False, UNREFERENCED),  # nothing to be accepted as
    ("i4", 1, 0.9, False, NONE),  # accepted at once
]


def source(
    rows: list[Row], batch_rows: int = 1000, *, leave_out: str = "", attack: list[str] | None = None
) -> InMemoryScores:
    """Return rows as a source, without one column."""
    transaction, attempt, score, mated, failure = zip(*rows, strict=True)
    columns: dict[str, Any] = {"transaction": transaction, "attempt": attempt, "failure": failure}
    if attack is not None:
        columns["attack"] = attack
    columns.pop(leave_out, None)
    return from_arrays(score, mated, batch_rows=batch_rows, **columns)


def tallied(found: InMemoryScores, attempts: int = 3) -> TransactionTally:
    """Return the tally of a source at threshold 0.5."""
    tally = TransactionTally(0.5, 1e-3, attempts, found.names, found.columns)
    for batch in found.batches():
        tally.add(batch)
    return tally


def figures(found: InMemoryScores, attempts: int = 3) -> Transactions:
    """Return the rates of a source at threshold 0.5."""
    transactions = tallied(found, attempts).figures()
    assert transactions is not None
    return transactions


def test_rates_by_hand() -> None:
    """Six genuine transactions with a reference, or not known to lack it, and three such impostors, in 3 attempts."""
    found = figures(source(BY_HAND))
    assert found.attempts_known
    assert [row.frr for row in found.by_attempts] == [
        clopper_pearson(5, 6),
        clopper_pearson(4, 6),
        clopper_pearson(3, 6),
    ]
    assert [row.far for row in found.by_attempts] == [
        clopper_pearson(1, 3),
        clopper_pearson(2, 3),
        clopper_pearson(2, 3),
    ]
    assert found.failure_to_enrol == clopper_pearson(1, 5)
    assert found.failure_to_acquire == clopper_pearson(4, 17)
    assert "ends with the first match, or without one after 3 attempts" in found.policy
    assert found.people_without_reference is None


def test_chain_by_hand() -> None:
    """Seven offered; g7 is not captured, g5 not usable, g6 has no reference, g4 does not match in three attempts."""
    found = figures(source(BY_HAND))
    assert [(link.name, link.of_before.count, link.of_before.of) for link in found.chain] == [
        ("offered", 7, 7),
        ("captured", 6, 7),
        ("usable", 5, 6),
        ("with_reference", 4, 5),
        ("matched", 3, 4),
    ]
    assert all(link.of_offered == clopper_pearson(link.of_before.count, 7) for link in found.chain)
    assert found.product == pytest.approx(3 / 7)


def test_more_attempts_are_counted_if_the_policy_allows_them() -> None:
    """With four attempts g4 matches; with ten allowed, no more rows than the file has are told."""
    assert figures(source(BY_HAND), 4).by_attempts[-1].frr == clopper_pearson(2, 6)
    ten = figures(source(BY_HAND), 10)
    assert [row.attempts for row in ten.by_attempts] == [1, 2, 3, 4]
    assert "No transaction here has more than 4." in ten.policy
    one = figures(source(BY_HAND), 1)
    assert len(one.by_attempts) == 1
    assert one.chain[-1].of_offered.count == 1


@given(st.permutations(BY_HAND), st.integers(1, 20))
def test_batches_and_order_do_not_matter(rows: list[Row], batch_rows: int) -> None:
    """Attempts may come in any order and over several batches."""
    assert figures(source(rows, batch_rows)) == figures(source(BY_HAND))


def test_without_attempt_numbers_rows_follow_each_other() -> None:
    """Where only transactions are stated, attempts are numbered by their rows, over batches too."""
    rows = [row for row in BY_HAND if row[0] != "g4"]
    numbered = figures(source(rows))
    for batch_rows in (1, 2, 1000):
        found = figures(source(rows, batch_rows, leave_out="attempt"))
        assert (found.by_attempts, found.chain) == (numbered.by_attempts, numbered.chain)
        assert "as their rows follow each other" in found.policy


@pytest.mark.parametrize("batch_rows", [1, 10])
@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("t", 1, 0.9, True, NONE), ("t", 1, 0.9, True, NONE)], "twice"),
        ([("t", 1, 0.9, True, NONE), ("t", 2, 0.9, False, NONE)], "mated in one attempt"),
        ([("t", 0, 0.9, True, NONE)], "below 1"),
    ],
)
def test_contradictions_are_refused(rows: list[Row], why: str, batch_rows: int) -> None:
    """A repeated or impossible attempt and a transaction that is both mated and not are refused, with the row."""
    filler: list[Row] = [("s", 1, 0.9, True, NONE)]
    with pytest.raises(ScoresRefused, match=why) as refused:
        tallied(source(filler + rows, batch_rows))
    assert str(refused.value).startswith("Row ")


def test_failures_alone_make_transactions_of_one_attempt() -> None:
    """Without attempts each row is a transaction, which the policy says."""
    found = figures(
        from_arrays(
            [0.9, 0.1, NAN, NAN, NAN, 0.9, 0.1, NAN],
            [True] * 5 + [False] * 3,
            failure=[NONE, NONE, UNCAPTURED, UNUSABLE, UNREFERENCED, NONE, NONE, UNUSABLE],
        )
    )
    assert not found.attempts_known
    assert [row.attempts for row in found.by_attempts] == [1]
    assert found.by_attempts[0].frr == clopper_pearson(3, 4)
    assert found.by_attempts[0].far == clopper_pearson(1, 3)
    assert found.failure_to_acquire == clopper_pearson(3, 8)
    assert [link.of_offered.count for link in found.chain] == [5, 4, 3, 2, 1]
    assert found.policy.startswith("Each row is a transaction of one attempt.")


def test_attempts_of_two_people_are_a_transaction() -> None:
    """Without transactions, attempts of one person against one reference person belong together until a number recurs.

    A: misses, matches; then again: misses, misses. B as A's impostor: misses, matches.
    """
    columns: dict[str, Any] = {
        "attempt": [1, 1, 2, 2, 1, 2],
        "probe_subject": ["A", "B", "A", "B", "A", "A"],
        "reference_subject": ["A"] * 6,
    }
    score, mated = [0.1, 0.1, 0.9, 0.9, 0.1, 0.1], [True, False, True, False, True, True]
    for batch_rows in (1, 2, 100):
        found = figures(from_arrays(score, mated, batch_rows=batch_rows, **columns))
        assert [row.frr for row in found.by_attempts] == [clopper_pearson(2, 2), clopper_pearson(1, 2)]
        assert [row.far for row in found.by_attempts] == [clopper_pearson(0, 1), clopper_pearson(1, 1)]
        assert "a number that comes again begins the next" in found.policy
    apart = figures(from_arrays(score, mated, gallery=["1", "1", "2", "2", "1", "2"], **columns))
    assert apart.by_attempts[-1].frr.of == 4


def test_attempts_without_people_stand_alone() -> None:
    """Where nothing tells whose attempts they are, each row is a transaction of its own."""
    found = figures(from_arrays([0.1, 0.9], [True, True], attempt=[1, 2]))
    assert not found.attempts_known
    assert found.by_attempts[0].frr == clopper_pearson(1, 2)


def test_without_failures_told_their_rates_have_no_trial() -> None:
    """A file that has no column of failures does not show that there were none."""
    found = figures(source([row for row in BY_HAND if row[4] is NONE], leave_out="failure"))
    assert not found.failures_known
    assert found.failure_to_enrol.value is None
    assert found.failure_to_acquire.value is None
    assert found.people_without_reference is None
    assert "nothing is known of failures" in transactions_in_words(found)[0]
    assert figures(source(BY_HAND)).failures_known


def test_rows_of_no_transaction_stand_alone() -> None:
    """A row that names no transaction is one of one attempt, and a note says how many there are."""
    tally = tallied(source([("", 1, 0.9, True, NONE), ("t", 1, 0.1, True, NONE), ("t", 2, 0.9, True, NONE)]))
    found = tally.figures()
    assert found is not None
    assert [row.frr for row in found.by_attempts] == [clopper_pearson(1, 2), clopper_pearson(0, 2)]
    assert "unknown of 1 rows" in tally.notes[0]


def test_attempts_of_unknown_people_stand_alone() -> None:
    """Where a person, or the attempt's number, is not stated, the row is a transaction of its own."""
    source_of_pairs = from_arrays(
        [0.1, 0.9, 0.9, 0.9],
        [True] * 4,
        attempt=[1, 2, 2, -1],
        probe_subject=["A", "A", "", "A"],
        reference_subject=["A", "A", "A", "A"],
        batch_rows=2,
    )
    tally = tallied(source_of_pairs)
    found = tally.figures()
    assert found is not None
    assert [row.frr for row in found.by_attempts] == [clopper_pearson(1, 3), clopper_pearson(0, 3)]
    assert "unknown of 2 rows" in tally.notes[0]
    with pytest.raises(ScoresRefused, match="Row 1 has an attempt"):
        tallied(from_arrays([0.1], [True], attempt=[0], probe_subject=["A"], reference_subject=["A"]))


def test_failure_to_enrol_by_person() -> None:
    """A person lacks a reference if one was sought and never found; B is found once, C is never captured."""
    found = figures(
        from_arrays(
            [0.9, NAN, 0.1, NAN, NAN, 0.9],
            [True] * 5 + [False],
            failure=[NONE, UNREFERENCED, NONE, UNREFERENCED, UNCAPTURED, NONE],
            probe_subject=["A", "B", "B", "D", "C", "E"],
            reference_subject=["A", "B", "B", "D", "C", "A"],
        )
    )
    assert found.failure_to_enrol == clopper_pearson(2, 4)
    assert found.people_without_reference == clopper_pearson(1, 3)


def test_very_late_attempts_count_for_no_policy() -> None:
    """An attempt beyond the sixty-fourth is an attempt made, and nothing else, however often its number comes."""
    rows: list[Row] = [("t", at, 0.9, True, NONE) for at in (65, 200, 200)] + [("t", 1, 0.1, True, NONE)]
    found = figures(source(rows))
    assert [row.frr for row in found.by_attempts] == [clopper_pearson(1, 1)]
    assert found.failure_to_acquire.of == 4
    pairs = from_arrays(
        [0.1, 0.9, 0.9, 0.9],
        [True] * 4,
        attempt=[1, 70, 70, 1],
        probe_subject=["A"] * 4,
        reference_subject=["A"] * 4,
    )
    assert figures(pairs).by_attempts[0].frr == clopper_pearson(1, 2)


def test_transactions_that_were_given_no_codes_are_not_evaluated() -> None:
    """A reader gives up on codes where there are too many; then nothing is said of transactions but that."""
    batch = ScoreBatch(
        first_row=1, score=np.array([0.9]), mated=np.array([True]), attempt=np.array([1], dtype=np.int16)
    )
    for columns in (("transaction", "attempt"), ("attempt", "probe_subject", "reference_subject")):
        tally = tallied(InMemoryScores([batch], Names(), columns))
        assert tally.figures() is None
        assert "too many" in tally.notes[0]


def test_attacks_are_no_transactions() -> None:
    """Attack presentations and presentations without comparison are left out."""
    rows: list[Row] = [("a", 1, 0.9, False, NONE), ("b", 1, NAN, True, NONE), ("c", 1, 0.9, True, NONE)]
    found = figures(source(rows, attack=["print", "", ""]))
    assert found.by_attempts[0].far.of == 0
    assert found.by_attempts[0].frr == clopper_pearson(0, 1)


def test_nothing_to_tell() -> None:
    """Without attempts and failures, or without rows, there are no transactions."""
    assert tallied(from_arrays([0.9], [True])).figures() is None
    assert tallied(from_arrays([], [], failure=[])).figures() is None


def test_all_fail() -> None:
    """If nobody is captured, the later links have no trial and there is no product."""
    found = figures(from_arrays([NAN] * 3, [True] * 3, failure=[UNCAPTURED] * 3))
    assert found.product is None
    assert found.by_attempts[0].frr == clopper_pearson(3, 3)
    assert found.by_attempts[0].far.value is None
    assert found.failure_to_enrol.of == 0
    assert found.chain[-1].of_offered == clopper_pearson(0, 3)
    told = " ".join(transactions_in_words(found))
    assert "With one attempt 3 of 3" in told
    assert "impostor" not in told


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(list(Failure)), st.sampled_from([0.1, 0.9])), min_size=1, max_size=40
    ),
    st.integers(1, 7),
)
def test_the_product_is_the_last_links_share(rows: list[tuple[bool, Failure, float]], batch_rows: int) -> None:
    """The chain never widens, and its product is what reached the end of all offered."""
    mated, failure, scores = zip(*rows, strict=True)
    score = [NAN if why else value for why, value in zip(failure, scores, strict=True)]
    found = figures(from_arrays(score, mated, failure=failure, batch_rows=batch_rows))
    reached = [link.of_offered.count for link in found.chain]
    assert reached == sorted(reached, reverse=True)
    assert reached[0] == sum(mated)
    if found.product is not None:
        assert found.product == pytest.approx(found.chain[-1].of_offered.value)
    assert found.failure_to_acquire.of == len(rows)


@given(st.randoms(use_true_random=False), st.integers(1, 25))
def test_more_attempts_never_raise_frr_nor_lower_far(random: Random, people: int) -> None:
    """Against a count one transaction at a time, whatever the order of rows."""
    rows: list[Row] = []
    for number in range(people):
        mated = random.random() < 0.5
        rows += [(str(number), at, random.choice([0.1, 0.9]), mated, NONE) for at in range(1, random.randint(1, 4) + 1)]
    random.shuffle(rows)
    found = figures(source(rows, 7))
    for allowed in found.by_attempts:
        for mated in (True, False):
            of = {row[0] for row in rows if row[3] is mated}
            hit = {row[0] for row in rows if row[3] is mated and row[1] <= allowed.attempts and row[2] > 0.5}
            rate = allowed.frr if mated else allowed.far
            assert (rate.count, rate.of) == (len(of - hit) if mated else len(hit), len(of))


def test_a_matrix_of_scores_with_failures() -> None:
    """Columns narrower than the scores count once for each comparison."""
    batch = ScoreBatch(
        first_row=1,
        score=np.array([[0.9, 0.9], [NAN, NAN]], dtype=np.float32),
        mated=np.eye(2, dtype=np.bool_),
        probe_subject=np.array([[0], [1]], dtype=np.int32),
        reference_subject=np.array([[0, 1]], dtype=np.int32),
        failure=np.array([[NONE], [UNUSABLE]], dtype=np.uint8),
    )
    columns = ("score", "mated", "failure", "probe_subject", "reference_subject")
    found = figures(InMemoryScores([batch], Names(subjects=["A", "B"]), columns))
    assert found.by_attempts[0].frr == clopper_pearson(1, 2)
    assert found.by_attempts[0].far == clopper_pearson(1, 2)
    assert found.people_without_reference == clopper_pearson(0, 1)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 3)), max_size=120), st.integers(1, 60))
def test_transactions_of_pairs_against_a_walk_through_the_rows(rows: list[tuple[int, int]], size: int) -> None:
    """In rounds or one by one, over batches of any size, rows are put together as a walk through them would."""
    given_out = TransactionsOfPairs()
    found: list[int] = []
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        codes = given_out.codes(np.array([key for key, _ in part]), np.array([attempt for _, attempt in part]))
        found += codes.tolist()
    current: dict[int, tuple[int, set[int]]] = {}
    walked: list[tuple[int, int]] = []
    for key, attempt in rows:
        serial, made = current.get(key, (0, set()))
        if attempt in made:
            serial, made = serial + 1, set()
        current[key] = (serial, made | {attempt})
        walked.append((key, serial))
    assert len(set(zip(found, walked, strict=True))) == len(set(found)) == len(set(walked)) == given_out.count


def test_states_grow_as_codes_come() -> None:
    """Codes above those expected make room, and nobody is counted who was not seen."""
    states = TransactionStates(2, expected=1)
    for code in (0, 5, 1000):
        one = np.array([code])
        states.add(one, np.array([1]), np.array([True]), np.array([4], dtype=np.uint8), one + 1)
    stages, first = states.counted()
    assert stages.sum() == 3
    assert first.tolist() == [[0], [3]]


@pytest.mark.parametrize("attempts", [0, 65])
def test_a_policy_must_allow_some_attempts(attempts: int) -> None:
    """No attempts, or more than can be followed, are refused."""
    with pytest.raises(ScoresRefused):
        TransactionTally(0.5, 1e-3, attempts, Names(), ())


def test_policy_in_words() -> None:
    """Every way of telling attempts apart has its sentence."""
    for told_apart in ToldApart:
        text = policy_in_words(told_apart, 1, most=1)
        assert str(told_apart) in text
        assert "failure to acquire is an attempt without a match" in text
    assert "after one attempt" in policy_in_words(ToldApart.BY_COLUMNS, 1, most=1)


def test_in_words() -> None:
    """The sentences name the chain, both failures and the rates with each number of attempts."""
    told = transactions_in_words(figures(source(BY_HAND)))
    assert told[0] == (
        "Of 7 genuine transactions offered: 6 captured, 5 usable, 4 compared with a reference, 3 matched."
    )
    assert any(line.startswith("With up to 3 attempts 3 of 6") for line in told)
    assert told[-1].startswith("A transaction ends with the first match")
