"""The code spaces of a source: probes, references, people, galleries, transactions, attacks and group labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fairgate.measure.scores.batch import UNKNOWN, GroupColumns, Names
from fairgate.outside.score_bands import AGE_BANDS, PHOTO_AGE_BANDS, Bands, years_between
from fairgate.outside.score_codes import MOST_NAMES, Codes, RowFault
from fairgate.outside.score_columns import AGE_BAND, PHOTO_AGE, group_of

MOST_LABELS = 1000
"""An attribute with more labels is no group, and a kind of attack is one of few."""

_SPACES = {
    "probe": "probes",
    "reference": "references",
    "probe_subject": "people",
    "reference_subject": "people",
    "gallery": "galleries",
    "transaction": "transactions",
}
_NOBODY = np.full(1, UNKNOWN, dtype=np.int16)


class Coding:
    """What the codes of a source stand for; it grows in the first pass and stays in later ones.

    Args:
        attributes: names of the groups' attributes.
        most_names: how many different identifiers of a column are kept.
    """

    def __init__(self, attributes: Sequence[str], most_names: int = MOST_NAMES) -> None:
        self.names = Names(groups={attribute: [] for attribute in attributes})
        self.notes: list[str] = []
        self._most_names = most_names
        self._spaces = {
            "probes": Codes(None, most_names),
            "references": Codes(None, most_names),
            "people": Codes(self.names.subjects, most_names),
            "galleries": Codes(self.names.galleries, most_names),
            "transactions": Codes(None, most_names),
        }
        self._attacks = Codes(self.names.attacks, MOST_LABELS)
        self._labels = {attribute: Codes(labels, MOST_LABELS) for attribute, labels in self.names.groups.items()}
        kinds = {AGE_BAND: AGE_BANDS, PHOTO_AGE: PHOTO_AGE_BANDS}
        self._bands = {name: Bands(bands, self.names.groups.get(name, [])) for name, bands in kinds.items()}

    def codes(self, column: str, columns: Mapping[str, Any]) -> NDArray[np.int32] | None:
        """Return the codes of a column of identifiers; ``None`` where it is absent or given up."""
        if column not in columns:
            return None
        kind = _SPACES[column]
        space = self._spaces[kind]
        before = space.given_up
        codes = space.of(column, columns[column])
        self.names.probes = len(self._spaces["probes"])
        self.names.references = len(self._spaces["references"])
        self.names.transactions = len(self._spaces["transactions"])
        if space.given_up and not before:
            text = f"There are more different {kind} than are kept in memory ({self._most_names}), or their names are"
            self.notes.append(f"{text} too long; whatever needs to tell {kind} apart was left out.")
        return codes

    def attacks(self, columns: Mapping[str, Any]) -> NDArray[np.int16] | None:
        """Return the codes of the kinds of attack; ``None`` where the source tells none."""
        if "attack" not in columns:
            return None
        codes = self._attacks.of("attack", columns["attack"])
        if codes is None:
            raise RowFault(0, f"there are more than {MOST_LABELS} kinds of attack up to here", "Name kinds, not items.")
        return codes.astype(np.int16)

    def groups(self, columns: Mapping[str, Any]) -> dict[str, GroupColumns]:
        """Return the labels of every attribute, in the order of the names.

        Raises:
            RowFault: a value is not an age, a time is no date, or an attribute has too many labels.
        """
        sides: dict[str, dict[str, NDArray[np.int16]]] = {attribute: {} for attribute in self.names.groups}
        for column, values in columns.items():
            if group := group_of(column):
                sides[group[1]][group[0]] = self._label(column, group[1], values)
        for side in ("probe", "reference"):
            if (column := f"{side}_age_years") in columns:
                sides[AGE_BAND][side] = self._bands[AGE_BAND].of(column, numbers(columns[column]))
        if (years := _photo_age(columns)) is not None:
            both = self._bands[PHOTO_AGE].of("reference_photo_age_years", years)
            sides[PHOTO_AGE] = {"probe": both, "reference": both}
        return {
            attribute: GroupColumns(found.get("probe", _NOBODY), found.get("reference", _NOBODY))
            for attribute, found in sides.items()
        }

    def _label(self, column: str, attribute: str, values: pa.DictionaryArray) -> NDArray[np.int16]:
        codes = self._labels[attribute].of(column, values)
        if codes is None:
            text = f"the attribute {attribute} has more than {MOST_LABELS} labels up to here"
            raise RowFault(0, text, "A group needs many people; use wider ones.")
        return codes.astype(np.int16)


def numbers(values: pa.Array) -> NDArray[np.float64]:
    """Return an Arrow array of numbers as float64; NaN where a row is empty."""
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)


def _photo_age(columns: Mapping[str, Any]) -> NDArray[np.float64] | None:
    if "reference_photo_age_years" in columns:
        return numbers(columns["reference_photo_age_years"])
    if "time" in columns and "reference_time" in columns:
        return years_between(columns["time"], columns["reference_time"])
    return None
