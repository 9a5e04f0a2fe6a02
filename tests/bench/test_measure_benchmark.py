"""The benchmark of measuring says what it measured and on what; how quick anything is, no test asks."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from fairgate.bench import measure
from fairgate.bench.measure import DrawnStream, bench_measure
from fairgate.cli.bench import app
from fairgate.errors import ConfigurationRefused, InputRefused


def test_the_stream_is_the_same_in_every_pass() -> None:
    """Two passes give the same rows, as many as asked for, mated exactly where both sides are one person."""
    stream = DrawnStream(2_000_000)
    first, second = list(stream.batches()), list(stream.batches())
    assert sum(batch.score.size for batch in first) == stream.rows
    for one, other in zip(first, second, strict=True):
        assert (one.score == other.score).all()
        assert one.probe_subject is not None
        assert one.reference_subject is not None
        assert ((one.probe_subject == one.reference_subject) == one.mated).all()
        assert one.score.dtype == np.float32


def test_the_figures_name_the_rival_the_setting_and_the_machine() -> None:
    """Every time comes with what was looked at."""
    seen: list[tuple[int, int]] = []
    figures = json.loads(json.dumps(bench_measure(5000, 60, 1, lambda done, of: seen.append((done, of)))))
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert (figures["matrix"]["rows"], figures["stream"]["scores"]) == (60, 5000)
    assert figures["scikit_learn"]["installed"]
    assert figures["scikit_learn"]["version"]
    assert figures["ratio_to_scikit_learn"] > 0
    assert figures["machine"]["processor"]
    assert figures["setting"]["threads"] == 2


def test_without_scikit_learn_the_rest_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rival is optional."""

    def missing(name: str) -> object:
        raise ConfigurationRefused(name, way_out="Install it.")

    monkeypatch.setattr(measure, "bench_package", missing)
    figures = bench_measure(2000, 50, 1)
    assert figures["ratio_to_scikit_learn"] is None


def test_the_command_prints_both_sides() -> None:
    """A person reads a table, a script JSON."""
    small = ["measure", "--scores", "2000", "--side", "100", "--rounds", "1"]
    ended = CliRunner().invoke(app, small)
    assert ended.exit_code == 0, ended.output
    assert "matrix of 100 × 100" in ended.output
    assert "scikit-learn" in ended.output
    assert json.loads(CliRunner().invoke(app, [*small, "--json"]).stdout)["matrix_seconds"] > 0


def test_too_little_is_refused() -> None:
    """A handful of scores says nothing about speed."""
    with pytest.raises(InputRefused):
        bench_measure(10, 60, 1)
