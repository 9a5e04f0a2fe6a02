"""A measurement as plain values: keys that scripts rely on, and nothing that JSON cannot hold."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.measure.identification import MeanRate
from fairgate.measure.intervals import clopper_pearson
from fairgate.measure.measured_json import compared_as_json, plain, portraits_as_json, rate_key
from fairgate.measure.paired import PairedDifference, PairedPoint
from fairgate.measure.portrait_figures import PortraitComparisons, PortraitFigures, PortraitSearches
from fairgate.measure.rates import NotResolvable


@pytest.mark.parametrize(
    ("rate", "key"),
    [
        (1e-2, "1e-2"),
        (1e-3, "1e-3"),
        (1e-4, "1e-4"),
        (3e-3, "3e-3"),
        (2.5e-4, "2.5e-4"),
        (0.5, "5e-1"),
        (1e-10, "1e-10"),
    ],
)
def test_a_rate_is_spelled_as_people_type_it(rate: float, key: str) -> None:
    """No padding zeros, no binary remainder."""
    assert rate_key(rate) == key


@given(st.floats(1e-12, 0.999))
def test_a_spelled_rate_is_the_rate(rate: float) -> None:
    """To six digits, with one digit before the point."""
    spelled = rate_key(rate)
    assert float(spelled) == pytest.approx(rate, rel=1e-5)
    assert 1 <= float(spelled.partition("e")[0]) < 10


def test_what_is_no_finite_number_is_null() -> None:
    """JSON knows neither NaN nor infinity."""
    assert plain((math.nan, math.inf, -math.inf, 1.5)) == [None, None, None, 1.5]


def test_a_rate_that_cannot_be_resolved_says_so() -> None:
    """Beside how many errors would have been expected."""
    assert plain(NotResolvable(1e-4, 100, 0.01)) == {"target": 1e-4, "of": 100, "expected": 0.01, "resolvable": False}


def test_what_has_no_plain_form_is_a_fault() -> None:
    """Nothing is told by accident."""
    with pytest.raises(TypeError):
        plain(object())


def _searches(size: int, searched: int, assumption: str) -> PortraitSearches:
    rate = MeanRate(1.5, 78, 1.5 / 78, 0.001, 0.08)
    return PortraitSearches(size, 0.003, not assumption, 0.4, searched, rate, rate, assumption)


def test_portraits_have_the_issue_s_keys() -> None:
    """Errors, trials, value and interval at each FMR and gallery size; what is extrapolated is called so."""
    figures = PortraitFigures(
        pack_id="p",
        pack_digest="0" * 64,
        portraits=602,
        people=512,
        mated=78,
        non_mated=180_811,
        left_out=(("2014/a.jpg", "NoFace"),),
        folds="ten",
        data_sha256="1" * 64,
        comparisons=tuple(
            PortraitComparisons(target, True, 0.5, clopper_pearson(18, 180_811), clopper_pearson(1, 78))
            for target in (1e-3, 1e-4)
        ),
        searches=(_searches(420, 420, ""), _searches(42_000, 511, "the tail goes on as fitted")),
    )
    told = portraits_as_json(figures)
    json.dumps(told, allow_nan=False)
    assert (told["mated"], told["non_mated"], told["pack"]) == (78, 180_811, "p")
    by_fmr, by_size = told["fnmr_at_fmr"], told["fnir_at_fpir_0.003"]
    assert isinstance(by_fmr, dict)
    assert isinstance(by_size, dict)
    assert list(by_fmr) == ["1e-3", "1e-4"]
    assert by_fmr["1e-4"]["errors"] == 1
    assert by_size["420"]["errors"] == 1.5
    assert by_size["420"]["extrapolated"] is False
    assert by_size["42000"]["extrapolated"] is True
    assert by_size["42000"]["assumption"]
    for one in (*by_fmr.values(), *by_size.values()):
        assert {"errors", "of", "value", "low", "high"} <= set(one)


def test_two_packs_are_told_by_rate() -> None:
    """FNMR and FMR of both, under the FMR asked for."""
    first, second = clopper_pearson(3, 100), clopper_pearson(1, 100)
    one = PairedDifference("fnmr", first, second, 2, 0, 0.5, -0.02, -0.05, 0.01, 0.04)
    told = compared_as_json([PairedPoint(1e-3, 0.5, math.inf, (one,))])
    at = told["1e-3"]
    assert isinstance(at, dict)
    assert at["second_threshold"] is None
    assert at["fnmr"]["only_first"] == 2
