"""Who walks up, as a table of captures says it: each row with its photo, and the claim that pass or document makes."""

from __future__ import annotations

from functools import partial

from fairgate.bootstrap.parts import MEGABYTE, Parts
from fairgate.errors import PapersError
from fairgate.face.frames import MOST_FRAMES
from fairgate.lanes.boarding import Arrival
from fairgate.outside.capture_files import read_capture
from fairgate.outside.rows import Deviation
from fairgate.outside.tables import CaptureRow, CaptureTable
from fairgate.services.join_boarding_pass import JoinBoardingPass, claimed_by
from fairgate.services.open_gallery import OpenedFlight
from fairgate.vocabulary import BiometricClaim, Capture


def arrivals_of(
    parts: Parts, table: CaptureTable, opened: OpenedFlight
) -> tuple[dict[str, Arrival], tuple[Deviation, ...]]:
    """Return who walks up, by capture, and the scans that could not be read; those count as if nothing was scanned."""
    holders = holders_of(opened)
    join = JoinBoardingPass(opened)
    limit = parts.settings.photo_max_mb * MEGABYTE
    arrivals: dict[str, Arrival] = {}
    deviations: list[Deviation] = []

    def scanned(row: CaptureRow) -> tuple[str, ...] | None:
        try:
            return None if row.boarding_pass is None else join(row.boarding_pass)
        except PapersError:
            place = f"captures line {row.line}"
            text = "the scan is not the text of a boarding pass; the row is taken without it"
            deviations.append(Deviation("row_boarding_pass", place, text, label=place))
            return None

    for row in table.rows:
        arrivals[row.capture_key] = Arrival(
            Capture(
                capture_key=row.capture_key,
                file=row.file,
                lane=row.lane,
                taken_at=row.taken_at,
                claim=BiometricClaim(
                    opted_out=row.opted_out,
                    passenger_ref=claimed_by(row.document, holders, scanned(row)),
                    guardian=row.guardian,
                    age_band=row.age_band,
                ),
            ),
            partial(read_capture, table.folder / row.file, limit, most=MOST_FRAMES, within=table.folder),
        )
    return arrivals, tuple(deviations)


def holders_of(opened: OpenedFlight) -> dict[str, str]:
    """Return who holds which document, as tables name documents: ``ISSUER-NUMBER``.

    A document that several passengers share names none of them.
    """
    holders: dict[str, str] = {}
    shared: set[str] = set()
    for passenger_ref, traveller in opened.travellers.items():
        for document in traveller.documents:
            key = f"{document.issuer}-{document.number}"
            if holders.setdefault(key, passenger_ref) != passenger_ref:
                shared.add(key)
    return {key: passenger_ref for key, passenger_ref in holders.items() if key not in shared}
