"""Wires the footbridge case: a passport's chip, whom to believe about it, and the person before the camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from fairgate.bootstrap import opting_out
from fairgate.bootstrap.parts import MEGABYTE, Parts
from fairgate.bootstrap.places import BOARDING_PURPOSE
from fairgate.face.frames import MOST_FRAMES
from fairgate.outside.capture_files import read_capture
from fairgate.outside.trust_files import read_chip_folder, read_recorded, read_trust_files, read_zone
from fairgate.papers.chip.exchange_file import NOTHING_RECORDED, read_exchanges
from fairgate.services.examine_chip import Demands, ReaderRecord
from fairgate.services.permissions import OF_A_CHIP, LaneRules
from fairgate.services.record_without_list import LanePlace
from fairgate.services.trust_from_files import trust_from_files
from fairgate.services.verify_chip import AtTheLane, ChipVerified, VerifyChip
from fairgate.vocabulary import Direction, LaneKind


@dataclass(frozen=True, slots=True)
class ChipToVerify:
    """A passport and its holder, as the command line names them.

    Args:
        chip: folder of the chip's files.
        live: a photo, or a folder with frames of one capture.
        trust: files that say whom to believe; none for the folder in the settings.
        mrz: the printed machine-readable zone, or a file that holds it; ``None`` where it was not read.
        direction: which way the border is crossed.
        declines: the person does not want their face compared.
        test_papers: papers of the imaginary state are believed, whatever the rulebook says.
        exchange: file of recorded exchanges; ``None`` for the one in the chip's folder, if there is one.
        sent: challenges and ephemeral public keys that the reader sent in this session.
        require_revocation: without a whole and current revocation list an officer decides.
        lane: identifier of the lane; ``None`` for the one in the settings.
        capture: key of the capture, by which it can be declined while it is compared.
    """

    chip: Path
    live: Path
    trust: Sequence[Path] = ()
    mrz: str | None = None
    direction: Direction = Direction.ENTRY
    declines: bool = False
    test_papers: bool = False
    exchange: Path | None = None
    sent: tuple[bytes, ...] = ()
    require_revocation: bool = False
    lane: str | None = None
    capture: str | None = None


def verify_chip(parts: Parts, asked: ChipToVerify) -> ChipVerified:
    """Verify a passport by its chip and compare its portrait with a live photo; enter it in the ledger.

    Raises:
        InputRefused: the chip's folder, the recorded exchanges, the zone or the live photo is not there.
        PapersError: no file is a chip's, or the exchanges or the zone are none.
        TrustRefused: nobody is named whom to believe, or a file that names them cannot be used.
        LaneNotOpen: the lane has no current notice in each language.
    """
    settings = parts.settings
    lane = asked.lane or settings.lane
    if not asked.declines:
        opting_out.open_lane(parts, lane)
    rules = LaneRules(
        parts.line,
        lane=LaneKind.PEDESTRIAN,
        purpose=BOARDING_PURPOSE,
        port_zone=ZoneInfo(settings.port_time_zone),
        needs=OF_A_CHIP,
    )
    files = read_chip_folder(asked.chip)
    recorded = read_recorded(asked.chip, asked.exchange)
    exchanges = read_exchanges(recorded) if recorded is not None else NOTHING_RECORDED
    zone = read_zone(asked.mrz) if asked.mrz is not None else None
    trust = trust_from_files(read_trust_files(asked.trust, settings.trust_dir))
    verify = VerifyChip(
        parts.verification_threshold,
        faces=parts.faces,
        rules=rules,
        trust=trust.store,
        demands=Demands(
            believes_imaginary_state=asked.test_papers or parts.rulebook.trusts_imaginary_state,
            revocation=asked.require_revocation,
        ),
        record=opting_out.record_without_list(parts, rules),
        clock=parts.clock,
        actor=parts.actor,
    )
    person = AtTheLane(
        files,
        partial(read_capture, asked.live, settings.photo_max_mb * MEGABYTE, most=MOST_FRAMES),
        zone=zone,
        record=ReaderRecord(exchanges, asked.sent),
        direction=asked.direction,
        port=settings.port or "",
        declines=asked.declines,
        place=LanePlace(lane, asked.capture),
    )
    return verify(person, pack=parts.pack.digest)
