"""Thresholds for one list compared among itself, and for one photo used twice, out of a pack's records."""

from __future__ import annotations

from importlib import resources

import pytest

from fairgate.errors import CalibrationMissing, PackFormRefused
from fairgate.face.pack import (
    Pack,
    read_pack,
    threshold_among_themselves,
    threshold_for_identification,
    threshold_for_same_photo,
)

RECORD = """
[[calibration]]
id = "{id}"
kind = "{kind}"
target = {target}
{size}
threshold = {threshold}
threshold_method = "extrapolated for the test"
data = "none"
data_sha256 = "{nothing}"
subjects = 1
mated = 1
non_mated = 1
errors_expected = 1.0
errors_observed = 0
low = 0.0
high = 1.0
interval_method = "none"
resolvable = false
made_on = 2026-11-22
pack_digest = "{digest}"

[calibration.held_out_false_positives]
errors = 0.0
of = 1
low = 0.0
high = 1.0

[calibration.held_out_misses]
errors = 0.0
of = 1
low = 0.0
high = 1.0
"""


def pack_with(*records: tuple[str, str, float, int | None, float]) -> Pack:
    """Return the default pack with these records alone: identifier, kind, target, size, threshold."""
    bare = (resources.files("fairgate.face") / "packs" / "dlib-cc0.toml").read_text(encoding="utf-8")
    bare = bare.split("[[calibration]]")[0]
    digest = read_pack(bare).digest
    written = [
        RECORD.format(
            id=name,
            kind=kind,
            target=target,
            size="" if size is None else f"gallery_size = {size}",
            threshold=threshold,
            digest=digest,
            nothing="0" * 64,
        )
        for name, kind, target, size, threshold in records
    ]
    return read_pack(bare + "".join(written))


def test_the_smallest_list_that_is_large_enough_counts() -> None:
    """A list larger than any that was calibrated cannot be checked, nor one at another number of false alarms."""
    pack = pack_with(
        ("among-420", "among_themselves", 0.01, 420, 0.97), ("among-50", "among_themselves", 0.01, 50, 0.95)
    )
    assert threshold_among_themselves(pack, 0.01, 2).id == "among-50"
    assert threshold_among_themselves(pack, 0.01, 50).id == "among-50"
    assert threshold_among_themselves(pack, 0.01, 51).id == "among-420"
    with pytest.raises(CalibrationMissing, match="cannot be checked"):
        threshold_among_themselves(pack, 0.01, 421)
    with pytest.raises(CalibrationMissing):
        threshold_among_themselves(pack, 0.02, 50)


def test_a_search_never_takes_a_lists_threshold_nor_the_other_way_round() -> None:
    """Although target and size are the same."""
    pack = pack_with(("search", "identification", 0.01, 50, 0.9), ("list", "among_themselves", 0.01, 50, 0.95))
    assert threshold_for_identification(pack, 0.01, 50).id == "search"
    assert threshold_among_themselves(pack, 0.01, 50).id == "list"
    with pytest.raises(CalibrationMissing):
        threshold_for_identification(pack_with(("list", "among_themselves", 0.01, 50, 0.95)), 0.01, 50)


def test_one_photo_is_told_only_where_the_pack_can() -> None:
    """A pack without that record is no worse for it."""
    found = threshold_for_same_photo(pack_with(("same-photo", "same_photo", 0.05, None, 0.99)))
    assert found is not None
    assert (found.id, found.gallery_size) == ("same-photo", None)
    assert threshold_for_same_photo(pack_with()) is None


def test_a_size_is_wanted_exactly_where_there_is_a_list() -> None:
    """A list's record without it is refused, and one photo's with it."""
    with pytest.raises(PackFormRefused):
        pack_with(("list", "among_themselves", 0.01, None, 0.95))
    with pytest.raises(PackFormRefused):
        pack_with(("same-photo", "same_photo", 0.05, 50, 0.99))
