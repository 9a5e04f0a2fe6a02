"""What several frames a capture, and several references a person, gain, by rule; and whether a threshold still holds.

Two sets. Clips show few people as a camera sees them: frames of probe and reference are always from different clips.
Portraits made worse in random ways show more people, but the renderings differ in noise alone, not in pose or light of
the original: what fusing them gains bounds what fusing frames of one moment can gain against independent noise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from fairgate.bench.frames_figures import Redrawn, Scores, at_equal_fmr, difference, figures, rate
from fairgate.bench.frames_rules import FRAME_RULES, REFERENCE_RULES
from fairgate.bench.frames_shots import PortraitShots, Shot, Shots, lost
from fairgate.face.pack_calibration import VERIFICATION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.face.pack import Pack

FRAMES = (2, 3, 5, 9)
REFERENCES = (2, 3, 5)
TARGETS = (1e-3, 1e-4)
SINGLE = "single"
_REFERENCES_A_CLIP = 3
_PROBES_A_CLIP = 6
_REFERENCE_DRAWS = 10


def thresholds_of(pack: Pack) -> dict[str, float]:
    """Return the pack's thresholds of verification by the FMR that they are for, those that it has."""
    by_target = {one.target: one.threshold for one in pack.calibration if one.kind == VERIFICATION}
    return {str(target): by_target[target] for target in TARGETS if target in by_target}


def study_clips(shots: Shots, thresholds: Mapping[str, float], seed: int) -> dict[str, object]:
    """Return the figures of clips.

    Args:
        shots: a row a clip.
        thresholds: as :func:`thresholds_of` gives them.
        seed: of references drawn, and of the intervals.
    """
    rows = _found(shots.rows)
    redrawn = _redrawn(rows, rows, seed)
    references = [shot for row in rows for shot in _spread(row, _REFERENCES_A_CLIP)]
    return {
        "people": len({shot.person for row in rows for shot in row}),
        "clips": len(rows),
        **lost(shots),
        "extract_ms": shots.extract_ms,
        "frames": _frames(rows, references, thresholds, redrawn),
        "references": _clip_references(rows, thresholds, redrawn, seed),
        "one_person": study_mixing(shots.rows, min(thresholds.values()), seed),
    }


def study_portraits(shots: PortraitShots, thresholds: Mapping[str, float], seed: int) -> dict[str, object]:
    """Return the figures of portraits: renderings as frames, renderings as references, two real references.

    Args:
        shots: of portraits.
        thresholds: as :func:`thresholds_of` gives them.
        seed: of the intervals.
    """
    rows = _found(shots.degraded.rows)
    older = [shot for shot, is_older in zip(shots.untouched, shots.older, strict=True) if is_older]
    redrawn = _redrawn(rows, [shots.untouched], seed)
    return {
        "people": len(rows),
        "references": len(older),
        **lost(shots.degraded),
        "extract_ms": shots.degraded.extract_ms,
        "frames": _frames(rows, older, thresholds, redrawn),
        "at_gate": _at_gate(shots.degraded.rows, older, thresholds),
        "rendered_references": _rendered_references(rows, older, thresholds, seed),
        "one_person": study_mixing(shots.degraded.rows, min(thresholds.values()), seed),
        "two_real_references": _two_real(shots, {shot.person for row in rows for shot in row}, thresholds, seed),
    }


def _frames(
    rows: Sequence[Sequence[Shot]], references: Sequence[Shot], thresholds: Mapping[str, float], redrawn: Redrawn
) -> list[dict[str, object]]:
    """Return a line for a single frame, and one for each number of frames and rule."""
    single = _capture_scores(rows, references, 1, FRAME_RULES["mean score"])
    told: list[dict[str, object]] = [{"count": 1, "rule": SINGLE, **figures(single, thresholds, redrawn)}]
    for count in FRAMES:
        for name, rule in FRAME_RULES.items():
            scores = _capture_scores(rows, references, count, rule)
            told.append(_line(count, name, scores, single, thresholds=thresholds, redrawn=redrawn))
    return told


def study_mixing(rows: Sequence[Sequence[Shot | None]], bound: float, seed: int) -> list[dict[str, object]]:
    """Return how often captures of one person would be parted, and captures with one frame of another person found.

    Args:
        rows: a sequence of photos of one person each.
        bound: cosine that every two frames must reach.
        seed: of who is put in whose capture.
    """
    rng = np.random.default_rng(seed)
    usable = [[shot for shot in row if shot is not None and not shot.refused] for row in rows]
    usable = [row for row in usable if row]
    told: list[dict[str, object]] = []
    for count in FRAMES:
        captures, parted, found = 0, 0, 0
        for row in usable:
            strangers = [shot for other in usable if other[0].person != row[0].person for shot in other]
            for at in range(0, len(row) - count + 1, count):
                vectors = np.stack([shot.vector for shot in row[at : at + count]])
                captures += 1
                parted += bool((vectors @ vectors.T).min() < bound)
                vectors[rng.integers(count)] = strangers[rng.integers(len(strangers))].vector
                found += bool((vectors @ vectors.T).min() < bound)
        told.append({"count": count, "captures": captures, "parted": parted, "mixed": captures, "mixed_found": found})
    return told


def _capture_scores(
    rows: Sequence[Sequence[Shot]],
    references: Sequence[Shot],
    count: int,
    rule: Callable[..., NDArray[np.float32]],
) -> Scores:
    """Return the scores of captures of so many frames that follow one another, none of them in two captures."""
    captures = [row[at : at + count] for row in rows for at in range(0, len(row) - count + 1, count)]
    frames = np.stack([np.stack([shot.vector for shot in capture]) for capture in captures])
    quality = np.array([[shot.quality for shot in capture] for capture in captures], np.float64)
    values = rule(frames, quality, np.stack([shot.vector for shot in references]))
    return _scores(values, [capture[0] for capture in captures], references)


def _scores(values: NDArray[np.float32], probes: Sequence[Shot], references: Sequence[Shot]) -> Scores:
    people, others = (np.array([shot.person for shot in some]) for some in (probes, references))
    sources, other_sources = (np.array([shot.source for shot in some]) for some in (probes, references))
    return Scores(
        values,
        people[:, None] == others[None],
        sources[:, None] != other_sources[None],
        people,
        sources,
        others,
    )


def _clip_references(
    rows: Sequence[Sequence[Shot]], thresholds: Mapping[str, float], redrawn: Redrawn, seed: int
) -> list[dict[str, object]]:
    """Return a line for one reference, and one for each number and rule; references from as many clips as there are."""
    rng = np.random.default_rng(seed)
    by_person: dict[int, list[Sequence[Shot]]] = {}
    for row in rows:
        by_person.setdefault(row[0].person, []).append(row)
    probes, groups, block_of_probe, block_of_group = [], [], [], []
    for block, row in enumerate(rows):
        mine = _spread(row, _PROBES_A_CLIP)
        drawn = [
            _drawn([other for other in clips if other is not row], max(REFERENCES), rng)
            for clips in by_person.values()
            for _ in range(_REFERENCE_DRAWS)
            if len(clips) > (row in clips)
        ]
        probes += mine
        groups += drawn
        block_of_probe += [block] * len(mine)
        block_of_group += [block] * len(drawn)
    own_block = np.array(block_of_probe)[:, None] == np.array(block_of_group)[None]
    return _references(probes, groups, own_block, thresholds=thresholds, redrawn=redrawn)


def _references(
    probes: Sequence[Shot],
    groups: Sequence[Sequence[Shot]],
    counted: NDArray[np.bool_],
    *,
    thresholds: Mapping[str, float],
    redrawn: Redrawn,
) -> list[dict[str, object]]:
    frames = np.stack([shot.vector for shot in probes])
    references = np.stack([np.stack([shot.vector for shot in group]) for group in groups])

    def scored(count: int, rule: Callable[..., NDArray[np.float32]]) -> Scores:
        made = _scores(rule(frames, references[:, :count]), probes, [group[0] for group in groups])
        return Scores(made.values, made.mated, counted, made.probe_people, made.probe_sources, made.reference_people)

    single = scored(1, REFERENCE_RULES["mean score"])
    told: list[dict[str, object]] = [{"count": 1, "rule": SINGLE, **figures(single, thresholds, redrawn)}]
    for count in REFERENCES:
        for name, rule in REFERENCE_RULES.items():
            told.append(_line(count, name, scored(count, rule), single, thresholds=thresholds, redrawn=redrawn))
    return told


def _rendered_references(
    rows: Sequence[Sequence[Shot]], older: Sequence[Shot], thresholds: Mapping[str, float], seed: int
) -> list[dict[str, object]]:
    """Return the lines where renderings of the newer portrait are the references and the older one is the probe."""
    groups = [row[at : at + 5] for row in rows for at in range(0, len(row) - 4, 5)]
    counted = np.ones((len(older), len(groups)), np.bool_)
    return _references(older, groups, counted, thresholds=thresholds, redrawn=_redrawn([older], rows, seed))


def _two_real(
    shots: PortraitShots, paired: set[int], thresholds: Mapping[str, float], seed: int
) -> list[dict[str, object]]:
    """Return false matches against people of whom two real photos are the references, a decade apart."""
    by_person: dict[int, list[Shot]] = {}
    for shot in shots.untouched:
        by_person.setdefault(shot.person, []).append(shot)
    groups = [both for person, both in sorted(by_person.items()) if person in paired and len(both) == 2]
    if not groups:
        return []
    probes = list(shots.untouched)
    frames = np.stack([shot.vector for shot in probes])
    references = np.stack([np.stack([shot.vector for shot in group]) for group in groups])
    redrawn = _redrawn([probes], groups, seed)
    told = []
    for count, name, rule in [
        (1, SINGLE, _either),
        *((2, name, rule) for name, rule in REFERENCE_RULES.items()),
    ]:
        scores = _scores(rule(frames, references), probes, [group[0] for group in groups])
        others = Scores(
            scores.values,
            scores.mated,
            ~scores.mated,
            scores.probe_people,
            scores.probe_sources,
            scores.reference_people,
        )
        told.append({"count": count, "rule": name, **_false_matches(others, thresholds, redrawn)})
    return told


def _either(probes: NDArray[np.float32], references: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the score of the one or the other reference, by turns: what a single one does on average."""
    scores = np.einsum("pd,gmd->pgm", probes, references)
    first = (np.arange(len(probes))[:, None] + np.arange(len(references))[None]) % 2 == 0
    return np.asarray(np.where(first, scores[:, :, 0], scores[:, :, 1]), np.float32)


def _false_matches(scores: Scores, thresholds: Mapping[str, float], redrawn: Redrawn) -> dict[str, object]:
    return {
        "non_mated": int(scores.others.size),
        "at": {
            name: {"threshold": threshold, "fmr": rate(scores, scores.values >= threshold, redrawn, mated=False)}
            for name, threshold in thresholds.items()
        },
    }


def _at_gate(
    rows: Sequence[Sequence[Shot | None]], older: Sequence[Shot], thresholds: Mapping[str, float]
) -> list[dict[str, object]]:
    """Return what a lane makes of captures: frames that fail the gate left out, the mean score of the rest."""
    reference = {shot.person: shot.vector for shot in older}
    told = []
    for count in (1, *FRAMES):
        captures = [row[at : at + count] for row in rows for at in range(0, len(row) - count + 1, count)]
        not_acquired, scores = 0, []
        for capture in captures:
            usable = [shot for shot in capture if shot is not None and not shot.refused]
            if not usable or usable[0].person not in reference:
                not_acquired += 1
                continue
            fused = np.mean([shot.vector for shot in usable], axis=0)
            scores.append(float(fused @ reference[usable[0].person]))
        told.append(
            {
                "count": count,
                "captures": len(captures),
                "not_acquired": not_acquired,
                "missed": {
                    name: not_acquired + sum(score < threshold for score in scores)
                    for name, threshold in thresholds.items()
                },
            }
        )
    return told


def _line(
    count: int, name: str, scores: Scores, single: Scores, *, thresholds: Mapping[str, float], redrawn: Redrawn
) -> dict[str, object]:
    """Return a rule's figures, and how much fewer it misses: at the pack's thresholds, and at a single photo's FMR."""
    less = {target: difference(scores, single, threshold, redrawn) for target, threshold in thresholds.items()}
    return {
        "count": count,
        "rule": name,
        **figures(scores, thresholds, redrawn),
        "fnmr_less_by": less,
        "at_equal_fmr": {target: at_equal_fmr(scores, single, one, redrawn) for target, one in thresholds.items()},
    }


def _found(rows: Sequence[Sequence[Shot | None]]) -> list[list[Shot]]:
    found = [[shot for shot in row if shot is not None] for row in rows]
    return [row for row in found if row]


def _spread(row: Sequence[Shot], count: int) -> list[Shot]:
    return [row[(2 * place + 1) * len(row) // (2 * count)] for place in range(count)]


def _drawn(clips: Sequence[Sequence[Shot]], count: int, rng: np.random.Generator) -> list[Shot]:
    """Return frames of as many clips as there are, each clip in turn, in random order."""
    order = [int(place) for place in rng.permutation(len(clips))]
    chosen = [clips[order[place % len(order)]] for place in range(count)]
    return [clip[int(rng.integers(len(clip)))] for clip in chosen]


def _redrawn(probes: Sequence[Sequence[Shot]], references: Sequence[Sequence[Shot]], seed: int) -> Redrawn:
    sources = {shot.source: shot.person for row in probes for shot in row}
    people = {shot.person for rows in (probes, references) for row in rows for shot in row}
    return Redrawn(sources, sorted(people), seed)
