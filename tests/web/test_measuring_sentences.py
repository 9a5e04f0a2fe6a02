"""The first page of a measurement, sentence by sentence."""

from __future__ import annotations

from dataclasses import replace

from fairgate.measure.groups.figures import Verdict
from fairgate.measure.measured import Measured
from fairgate.measure.verification import FnmrAtFmr
from fairgate.measure.words import NARROW
from fairgate.web.measuring_heat import heat_table
from fairgate.web.measuring_limits import limits
from fairgate.web.measuring_phrases import operating_point, told
from fairgate.web.measuring_sentences import sentences
from fairgate.web.measuring_tiles import tiles
from fairgate.web.measuring_verification import operating_points_table


def about(measured: Measured, topic: str) -> str:
    """What the page says of a topic."""
    return " ".join(dict(sentences(measured))[topic]).replace(NARROW, " ")


def test_the_nearest_to_operation_is_told(full: Measured) -> None:
    """Held-out figures before those by people, and these before those of independent comparisons."""
    assert full.verification is not None
    point = operating_point(full.verification)
    assert point is not None
    assert point.target == 1e-4
    assert told(point)[0] == "on other people"
    assert told(replace(point, held_out_fmr=None, held_out_fnmr=None))[0] == "by people"
    alone = replace(point, held_out_fmr=None, held_out_fnmr=None, fmr_by_subject=None, fnmr_by_subject=None)
    assert told(alone) == ("as if independent", point.fmr, point.fnmr)


def test_differences_come_first_and_none_is_lost(full: Measured) -> None:
    """Of thirteen attributes the ones with a difference are told, the rest named or counted."""
    first = full.groups[0]
    many = tuple(replace(first, attribute=f"a{number}", verdict=Verdict.NOT_SHOWN) for number in range(12))
    said = about(replace(full, groups=(*many, replace(full.groups[1], attribute="last"))), "Groups of people")
    assert said.startswith("By last: A difference is shown.")
    assert "By a0: Neither a difference nor its absence is shown." in said
    assert "By a1, a2, a3, a4, a5, a6 and 5 more: neither a difference nor its absence is shown either" in said
    assert "no difference" not in said.lower()


def test_no_error_is_not_called_certain(faultless: Measured) -> None:
    """What may still be missed, or pass, is said."""
    said = about(faultless, "One against one")
    assert "Every traveller was recognised (0 of 900 missed, 0 %; 95 % interval 0 % to 0.41 %)" in said
    assert "up to 4 in 1 000 may be missed all the same." in said
    assert "No stranger passed (0 of 90 000 matched; 95 % interval 0 to 1 in 24 000)" in said
    assert "everybody on the list was found (0 of 900 missed" in about(faultless, "One among many")
    assert "No attack passed unnoticed. Least is known of “screen”: 0 of 900" in about(faultless, "Attacks")


def test_tiles_carry_their_evidence(full: Measured, faultless: Measured, minimal: Measured) -> None:
    """Each has a count and an interval; where nothing is resolvable there is none."""
    for measured in (full, faultless):
        for tile in tiles(measured):
            assert " of " in tile.evidence
            assert "interval" in tile.evidence
    assert [tile.figure for tile in tiles(faultless)][1] == "None"
    assert tiles(minimal) == ()


def test_what_the_data_cannot_show_is_listed(full: Measured, minimal: Measured) -> None:
    """Rates that are not resolvable, extrapolated sizes, small groups; unknown people, groups and attacks."""
    said = " ".join(limits(full)).replace(NARROW, " ")
    for text in ("1 in 1 000 000 (not resolvable)", "420 references", "1 000, 4 200 and 42 000", "2 of 7 groups"):
        assert text in said
    said = " ".join(limits(minimal))
    for text in ("do not say who is on them", "nobody is labelled", "no attack was tried"):
        assert text in said


def test_only_what_chance_does_not_explain_is_shaded(full: Measured) -> None:
    """A cell is shaded exactly where its arrow says that the whole interval lies above or below."""
    heat = heat_table(full.groups[0], "x")
    cells = [cell for row in heat.cells for cell in row]
    assert [bool(cell.shade) for cell in cells] == [cell.lines[0][0] in "▲▼" for cell in cells]
    assert any(cell.shade for cell in cells)


def test_a_threshold_that_was_given_stands_beside_those_that_were_chosen(full: Measured) -> None:
    """In the table of operating points, with both counts."""
    assert full.verification is not None
    point = next(one for one in full.verification.at if isinstance(one, FnmrAtFmr))
    rows = operating_points_table(replace(full.verification, at_fixed=replace(point, threshold=0.625)), 0.95).rows
    looked_at = [row for row in rows if row[0] == "looked at"]
    assert looked_at
    assert {row[1] for row in looked_at} == {"0.625"}
    assert all(" of " in row[3] for row in looked_at)
