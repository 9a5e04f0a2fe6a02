"""Wires what is done to galleries: staging one from a list, and changing the pack of one that is staged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from fairgate.bootstrap.parts import MEGABYTE, Parts
from fairgate.errors import CalibrationMissing, InputRefused
from fairgate.face.pack import threshold_among_themselves, threshold_for_same_photo
from fairgate.outside.photo_files import read_photo
from fairgate.outside.plain_files import Unread, read_plain_file
from fairgate.outside.reference_files import ReferenceTable, read_references
from fairgate.services.enrol_reference import ReferencePhoto
from fairgate.services.find_shared_faces import FindSharedFaces
from fairgate.services.gallery_from_lists import Place, gallery_from_lists
from fairgate.services.merge_lists import ListFile, merged_lists, require_somebody
from fairgate.services.open_gallery import OpenedFlight
from fairgate.services.ports import Progress
from fairgate.services.reextract_gallery import ReextractGallery
from fairgate.services.reextraction_report import ReextractionReport
from fairgate.services.rulebook_line import staged_under
from fairgate.services.shared_faces import SharedFace
from fairgate.services.stage_flight import StageFlight
from fairgate.services.staged_before import is_staged, under_its_first_name
from fairgate.services.staging_report import StagingReport

_LIST_LIMIT_BYTES = 8 * 1024 * 1024


def stage(
    parts: Parts,
    passenger_lists: Sequence[Path],
    references: Path,
    place: Place,
    *,
    top_up_to: int | None,
    progress: Progress,
) -> StagingReport:
    """Make a gallery from passenger lists and reference photos, or take over what later messages change in one.

    Raises:
        PapersError: a list cannot be read.
        InputRefused: the lists do not make the one gallery asked for, or leave nobody in one that is not staged.
        TableRefused: the table of references cannot be read.
        StagingConflict: the gallery was staged from lists that these do not contain, or with another pack or rulebook,
            or for another lane, direction or port.
        CalibrationMissing: the pack has no threshold for a gallery so large.
    """
    now = parts.clock()
    merged = merged_lists([ListFile(path.name, _read_list(path)) for path in passenger_lists], on=now.date())
    to_stage = gallery_from_lists(
        merged,
        replace(place, port=place.port or parts.settings.port),
        pack_digest=parts.pack.digest,
        rulebook_sha256=parts.rulebook.sha256,
        now=now,
    )
    to_stage = to_stage if place.name else under_its_first_name(parts.store, to_stage)
    to_stage = replace(to_stage, flight=staged_under(parts.store, parts.line, to_stage.flight))
    if not is_staged(parts.store, to_stage.flight.flight_key):
        require_somebody(merged)
    found = read_references(references)
    rules = parts.rules_at(place.lane)
    stage_flight = StageFlight(
        store=parts.store,
        vault=parts.vault,
        faces=parts.faces,
        rules=rules,
        registrar=parts.registrar,
        open_gallery=parts.open_gallery,
        clock=parts.clock,
        entropy=parts.entropy,
        actor=parts.actor,
    )
    return stage_flight(
        to_stage,
        _photos(parts, found),
        set_aside=tuple(one.finding for one in found.deviations),
        top_up_to=top_up_to,
        require_ready=parts.thresholds,
        progress=progress,
    )


def reextract(
    parts: Parts, flight_key: str, references: Path, *, allow_fewer: bool, start_over: bool, progress: Progress
) -> ReextractionReport:
    """Change a gallery to the pack in use.

    Raises:
        NothingStaged: there is no such complete gallery.
        TableRefused: the table of references cannot be read.
        StagingConflict: the gallery is on its way to another pack, or nobody would be left.
        CalibrationMissing: the pack has no threshold for a gallery of that size.
    """
    found = read_references(references)
    with parts.store.reading() as transaction:
        staged = transaction.flight(flight_key)
    change = ReextractGallery(
        store=parts.store,
        vault=parts.vault,
        faces=parts.faces,
        rules=parts.rules if staged is None else parts.rules_at(staged.lane),
        registrar=parts.registrar,
        open_gallery=parts.open_gallery,
        clock=parts.clock,
        entropy=parts.entropy,
        actor=parts.actor,
    )
    return change(
        flight_key,
        _photos(parts, found),
        pack_digest=parts.pack.digest,
        allow_fewer=allow_fewer,
        start_over=start_over,
        set_aside=tuple(one.finding for one in found.deviations),
        require_ready=parts.thresholds,
        progress=progress,
    )


ALARMS_A_LIST = 0.01
"""False alarms expected in one list of strangers that is compared among itself."""


def find_shared_faces(parts: Parts) -> FindSharedFaces:
    """Return what compares opened flights among themselves, with the thresholds of the pack in use."""
    return FindSharedFaces(
        lambda references: threshold_among_themselves(parts.pack, ALARMS_A_LIST, max(1, references)),
        threshold_for_same_photo(parts.pack),
        store=parts.store,
        rules=parts.rules,
        registrar=parts.registrar,
        clock=parts.clock,
        actor=parts.actor,
    )


def shared_faces_for_boarding(parts: Parts, opened: OpenedFlight) -> tuple[dict[str, SharedFace], list[str]]:
    """Return who looks like another passenger of the list, or the note that this could not be checked.

    Boarding goes on without the check, since a missing threshold is no reason to stop a flight; but it is said.
    """
    try:
        return find_shared_faces(parts)(opened).of_passenger(), []
    except CalibrationMissing as missing:
        return {}, [f"{missing} [shared_faces_unchecked]"]


def _photos(parts: Parts, found: ReferenceTable) -> list[ReferencePhoto]:
    limit = parts.settings.photo_max_mb * MEGABYTE
    return [
        ReferencePhoto(
            label=photo.label,
            issuer=photo.issuer,
            number=photo.number,
            read=partial(read_photo, photo.file, limit, within=photo.folder),
            taken_on=photo.taken_on,
        )
        for photo in found.photos
    ]


def _read_list(path: Path) -> bytes:
    content = read_plain_file(path, _LIST_LIMIT_BYTES)
    if isinstance(content, Unread):
        raise InputRefused(
            f"The passenger list {path.name} cannot be read: {content.value.replace('_', ' ')}.",
            way_out="Check the path and its permissions.",
        )
    return bytes(content)
