"""Identifiers and words of a score file become small numbers, the same ones in every pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fairgate.measure.scores.batch import UNKNOWN

MOST_NAMES = 2_000_000
"""More different identifiers than this are not kept: they would cost some hundred bytes each."""
MOST_CHARACTERS = 200_000_000
"""Nor are identifiers that are longer than this taken together."""
_UNSEEN = -2


class RowFault(ValueError):
    """One row cannot be used; never leaves this room.

    Args:
        row: its place in the batch, from 0.
        text: what is wrong, without any value from the file.
        way_out: what to do about it.
    """

    def __init__(self, row: int, text: str, way_out: str = "") -> None:
        super().__init__(text)
        self.row = row
        self.way_out = way_out


class Codes:
    """The codes of one space of identifiers, in the order in which they were first seen.

    White space around an identifier does not count; an empty one is ``UNKNOWN``.

    Args:
        names: where new identifiers are appended; ``None`` where only their number matters.
        most: from so many on, all of them are given up.
    """

    def __init__(self, names: list[str] | None = None, most: int = MOST_NAMES) -> None:
        self._codes: dict[str, int] = {}
        self._names = names
        self._most = most
        self._characters = 0
        self._last: dict[str, tuple[Any, NDArray[np.int32]]] = {}
        self.given_up = False

    def __len__(self) -> int:
        """How many different identifiers were seen; 0 once they were given up."""
        return len(self._codes)

    def of(self, column: str, values: pa.DictionaryArray) -> NDArray[np.int32] | None:
        """Return the codes of one column of a batch.

        Args:
            column: its name; a dictionary that comes again in the same column is not looked up again.
            values: Arrow dictionary array of text, shape (n,).

        Returns:
            int32, shape (n,); ``None`` once there are too many.

        Raises:
            RowFault: an identifier is not UTF-8.
        """
        if self.given_up:
            return None
        places = places_of(values)
        last = self._last.get(column)
        if last is not None and last[0].equals(values.dictionary):
            meant = last[1]
        else:
            meant = np.full(len(values.dictionary) + 1, _UNSEEN, dtype=np.int32)
            meant[-1] = UNKNOWN
            self._last[column] = (values.dictionary, meant)
        if (unseen := meant == _UNSEEN).any():
            # A dictionary may hold identifiers that no row uses; they do not count.
            unseen &= np.bincount(places, minlength=len(meant)) > 0
            new = np.flatnonzero(unseen)
            try:
                meant[new] = self._learn(values.dictionary.take(pa.array(new)))
            except UnicodeDecodeError as error:
                raise RowFault(int(np.argmax(unseen[places])), f"the column {column} is not UTF-8") from error
            if len(self._codes) > self._most or self._characters > MOST_CHARACTERS:
                self._give_up()
                return None
        return meant[places]

    def _learn(self, texts: pa.Array) -> NDArray[np.int32]:
        found = texts.to_numpy(zero_copy_only=False)
        codes = self._known(found)
        missing = np.flatnonzero(codes == _UNSEEN)
        if missing.size:
            for text in map(str.strip, found[missing]):
                if text and text not in self._codes:
                    self._codes[text] = len(self._codes)
                    self._characters += len(text)
                    if self._names is not None:
                        self._names.append(text)
            codes[missing] = self._known(map(str.strip, found[missing]), UNKNOWN)
        return codes

    def _known(self, texts: Iterable[str], else_code: int = _UNSEEN) -> NDArray[np.int32]:
        return np.fromiter(map(self._codes.get, texts, repeat(else_code)), dtype=np.int32)

    def _give_up(self) -> None:
        self.given_up = True
        self._codes.clear()
        self._last.clear()
        if self._names is not None:
            self._names.clear()


class Words:
    """The codes of a closed set of words; small and capital letters mean the same.

    Args:
        column: the column's name.
        meanings: code by word, in small letters; the empty word is what an empty field means.
    """

    def __init__(self, column: str, meanings: Mapping[str, int]) -> None:
        self._column = column
        self._meanings = meanings
        self._allowed = ", ".join(word for word in meanings if word)

    def of(self, values: pa.DictionaryArray) -> NDArray[np.int8]:
        """Return the codes of one column of a batch, int8, shape (n,).

        Raises:
            RowFault: a word has no meaning here.
        """
        try:
            words = values.dictionary.to_pylist()
        except UnicodeDecodeError:
            words = ["?"] * len(values.dictionary)
        meant = [self._meanings.get(word.strip().lower(), _UNSEEN) for word in words]
        codes = np.array([*meant, self._meanings[""]], dtype=np.int8)[places_of(values)]
        if _UNSEEN in meant and (codes == _UNSEEN).any():
            row = int(np.argmax(codes == _UNSEEN))
            raise RowFault(row, f"the column {self._column} holds a word that is not known", f"It is {self._allowed}.")
        return codes


def places_of(values: pa.DictionaryArray) -> NDArray[np.int32]:
    """Return each row's place in its dictionary; the place after the last one where the row is empty."""
    indices = values.indices
    if indices.null_count:
        indices = indices.fill_null(len(values.dictionary))
    return np.asarray(indices.to_numpy(zero_copy_only=False), dtype=np.int32)
