"""The specimen that is minted where no zone is given.

Source: ICAO Doc 9303-4 (8th ed., 2021) appendix A: the passport of Anna Maria Eriksson of Utopia, here with a date of
expiry that lies ahead.
"""

from __future__ import annotations

from datetime import date, timedelta

from fairgate.papers.document_facts import DocumentFacts, PartialDate, Source
from fairgate.papers.mrz.build import build_mrz
from fairgate.papers.mrz.formats import MrzKind
from fairgate.papers.trust.countries import UTOPIA

_VALID_FOR = timedelta(days=9 * 365)


def specimen_zone(on: date) -> str:
    """Return the zone of a passport that is valid on a day, as two lines."""
    facts = DocumentFacts(
        Source.MRZ,
        "P",
        UTOPIA,
        "L898902C3",
        "ERIKSSON",
        "ANNA MARIA",
        UTOPIA,
        PartialDate(1974, 8, 12),
        "F",
        on + _VALID_FOR,
    )
    return build_mrz(MrzKind.TD3, facts).text
