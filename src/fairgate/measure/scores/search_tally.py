"""Second pass over searches: how many stand at or above a mate that the first pass did not keep all of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.scores.batch import ScoreBatch
from fairgate.measure.scores.search_blocks import block_of
from fairgate.measure.scores.search_survey import SearchSurvey
from fairgate.measure.search_at_threshold import SearchPlan
from fairgate.measure.search_figures import Identification
from fairgate.measure.search_points import identification, too_few_people


class SearchTally:
    """Counts the others at or above low mates, and gives the figures.

    Mates above their search's floor are ranked already, so nearly all of a second pass is skipped. Where people have
    several references the count would be of references; there the low mates' ranks stay unknown, and figures that
    depend on them are not given.

    Args:
        survey: after its last batch.
        plan: what to measure.
    """

    def __init__(self, survey: SearchSurvey, plan: SearchPlan) -> None:
        self._survey = survey
        self._plan = plan
        self._kept = survey.kept()
        self._limit = np.empty(0)
        self._ahead = np.empty(0, dtype=np.intp)
        self._counts = False
        if self._kept is not None and len(self._kept.code):
            size = int(self._kept.code.max()) + 1
            self._limit, self._ahead = np.full(size, np.inf), np.zeros(size, dtype=np.intp)
            low = ~self._kept.ahead_known & self._kept.has_mate()
            self._counts = bool(low.any()) and (survey.in_galleries or not survey.several_references)
            self._limit[self._kept.code[low]] = self._kept.mates[low]

    def add(self, batch: ScoreBatch) -> None:
        """Take a stretch of comparisons again."""
        if not self._counts:
            return
        block = block_of(batch)
        if block is None:
            return
        search = self._survey.codes(block.key)
        limit = np.where(
            (search >= 0) & (search < self._limit.size), self._limit[np.minimum(search, self._limit.size - 1)], np.inf
        )
        rows = np.flatnonzero(limit < np.inf)
        if not rows.size:
            return
        above = (block.score[rows] >= limit[rows, None]) & ~block.mated[rows]
        np.add.at(self._ahead, search[rows], np.count_nonzero(above, axis=1))

    def figures(self) -> Identification | None:
        """Return everything about the searches; ``None`` where there are none to speak of."""
        if self._kept is None:
            return None
        kept = self._kept
        if self._counts:
            known: NDArray[np.bool_] = self._limit[kept.code] < np.inf
            kept = kept.with_ahead(self._ahead[kept.code], known)
        return identification(kept, self._survey.people, self._plan)

    def notes(self) -> tuple[str, ...]:
        """Say in whole sentences what was left out of the searches."""
        survey = self._survey
        if not survey.asked:
            return ()
        if survey.too_many:
            return ("There are more searches than can be kept in memory, so identification was not measured.",)
        said = []
        kept = 0 if self._kept is None else len(self._kept.code)
        if survey.searches > kept:
            said.append(
                f"{survey.searches - kept} of {survey.searches} searches met only a part of the references of people "
                "who have several, so the size of their gallery is unknown; they are left out of identification."
            )
        if self._kept is not None and kept and too_few_people(self._kept):
            said.append("Probes meet so few other people that the rows are pairs; no searches were counted.")
        return tuple(said)
