"""The concrete parts of one house, each made when it is first needed: checking a ledger needs no engine."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from fairgate.bootstrap.places import ANCHOR, BOARDING_PURPOSE, DATABASE, KEYS, SIGNING_KEY
from fairgate.bootstrap.rulebook_in_force import line_for
from fairgate.config import Settings
from fairgate.face.embed import Embedder
from fairgate.face.frames import least_alike
from fairgate.face.pack import (
    CalibrationRecord,
    Pack,
    require_calibration,
    threshold_for_identification,
    threshold_for_verification,
)
from fairgate.face.pack_trial import try_pack
from fairgate.face.pipeline import Pipeline
from fairgate.face.provider_check import require_same_features
from fairgate.face.runtime import CPU, PROVIDERS
from fairgate.outside.anchor_file import AnchorFile
from fairgate.outside.pack_files import InstalledPack, load_models, open_pack
from fairgate.outside.private_folder import make_private_folder
from fairgate.rules.rulebook import Rulebook
from fairgate.services.append_entry import Registrar
from fairgate.services.board_traveller import Thresholds
from fairgate.services.faces import FaceReader
from fairgate.services.open_gallery import OpenGallery
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Entropy, Timer
from fairgate.services.rulebook_line import RulebookLine
from fairgate.store.sqlite import SqliteStore
from fairgate.vault.signing_key import load_or_create_signing_key
from fairgate.vault.vault import open_vault
from fairgate.vocabulary import Actor, ActorKind, LaneKind
from fairgate.workers.decoder import DecodeLimits, Decoder

MEGABYTE = 1_000_000


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def decoder_for(settings: Settings) -> Decoder:
    """Return a decode worker with the limits set; enter it to start it."""
    return Decoder(
        DecodeLimits(
            most_bytes=settings.photo_max_mb * MEGABYTE,
            most_pixels=settings.decode_max_megapixels * 1_000_000,
            memory_bytes=settings.decode_max_memory_mb * MEGABYTE,
            cpu_seconds=settings.decode_max_cpu_seconds,
            images_per_child=settings.decode_images_per_worker,
        )
    )


def engine_for(settings: Settings) -> tuple[InstalledPack, Pipeline]:
    """Return the pack in the settings, loaded.

    Raises:
        PackRefused: it is not installed, or a model file is not what the pack says.
        ExecutionProviderRefused: it does not run as on the CPU where the settings want it to.
    """
    installed = open_pack(settings.pack, settings.packs_dir)
    models = load_models(installed, settings.cache_dir)
    provider = PROVIDERS[settings.execution_provider]
    pipeline = Pipeline(installed.pack, models, threads=settings.threads, provider=provider)
    try_pack(pipeline)
    if provider != CPU:
        on_cpu = Pipeline(installed.pack, models, threads=settings.threads)
        require_same_features(_embedders(pipeline), _embedders(on_cpu))
    return installed, pipeline


def _embedders(pipeline: Pipeline) -> dict[str, Embedder]:
    return {one.stages.id: one.embedder for one in pipeline.recognisers}


class Parts:
    """Store, vault, keys, rules and engine of one data folder.

    Args:
        settings: as loaded.
        closing: closes, when the house does, what was opened on the way.
        clock: the present.
        timer: seconds since an arbitrary start.
        entropy: salts, keys and identifiers.

    Raises:
        ConfigurationRefused: the data folder or the database cannot be used. Whatever needs rules refuses too, where
            no rulebook was adopted.
    """

    def __init__(
        self,
        settings: Settings,
        closing: ExitStack,
        *,
        clock: Clock = utc_now,
        timer: Timer = time.perf_counter,
        entropy: Entropy = os.urandom,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.timer = timer
        self.entropy = entropy
        self.actor = Actor(ActorKind.OPERATOR, "command-line")
        self._closing = closing
        self.folder = make_private_folder(settings.data_dir)
        self.store = closing.enter_context(SqliteStore.open(self.folder / DATABASE))
        self.anchor = AnchorFile(self.folder / ANCHOR)
        self.vault = open_vault(self.folder / KEYS, entropy=entropy, leaf_at=self._leaf_at)
        self.signing_key = load_or_create_signing_key(
            self.folder / SIGNING_KEY, name=settings.ledger_name, entropy=entropy
        )
        self.registrar = Registrar(self.signing_key, self.anchor)

    @cached_property
    def line(self) -> RulebookLine:
        """Return what answers by day which rulebook holds.

        Raises:
            RulebookNotAdopted: none was adopted here.
        """
        return line_for(self.settings, store=self.store, clock=self.clock, timer=self.timer)

    @property
    def rulebook(self) -> Rulebook:
        """Return the rulebook in force now.

        Raises:
            RulebookNotAdopted: none was adopted here.
        """
        return self.line.today()

    @cached_property
    def rules(self) -> LaneRules:
        """Return the rulebook as a boarding lane meets it.

        Raises:
            RulebookNotAdopted: none was adopted here.
        """
        return self.rules_at(LaneKind.BOARDING)

    @cached_property
    def open_gallery(self) -> OpenGallery:
        """Return what opens staged galleries.

        Raises:
            RulebookNotAdopted: no rulebook was adopted here.
        """
        return OpenGallery(
            store=self.store,
            vault=self.vault,
            rules=self.rules,
            registrar=self.registrar,
            clock=self.clock,
            actor=self.actor,
        )

    def rules_at(self, lane: LaneKind) -> LaneRules:
        """Return the rulebook as one kind of lane meets it.

        Raises:
            RulebookNotAdopted: none was adopted here.
        """
        zone = ZoneInfo(self.settings.port_time_zone)
        return LaneRules(self.line, lane=lane, purpose=BOARDING_PURPOSE, port_zone=zone)

    def _leaf_at(self, index: int) -> bytes | None:
        with self.store.reading() as transaction:
            row = transaction.ledger_row(index)
        return row.leaf if row else None

    @cached_property
    def _engine(self) -> tuple[InstalledPack, Pipeline]:
        installed, pipeline = engine_for(self.settings)
        require_calibration(installed.pack)
        return installed, pipeline

    @property
    def pack(self) -> Pack:
        """Return the pack in use."""
        return self._engine[0].pack

    @property
    def engine(self) -> Pipeline:
        """Return the pack in use, loaded."""
        return self._engine[1]

    @cached_property
    def decoder(self) -> Decoder:
        """Return the decode worker, started."""
        return self._closing.enter_context(decoder_for(self.settings))

    @cached_property
    def faces(self) -> FaceReader:
        """Return what makes features of photos; the decode worker starts here."""
        return FaceReader(
            decoder=self.decoder,
            engine=self.engine,
            timer=self.timer,
            smallest_probe_px=self.settings.smallest_probe_face_px,
            smallest_reference_px=self.settings.smallest_reference_face_px,
            least_alike=least_alike(self.pack),
        )

    def thresholds(self, gallery_size: int) -> Thresholds:
        """Return the calibrated thresholds for the rulebook's operating point.

        Raises:
            CalibrationMissing: the pack has no record for a gallery of that size.
        """
        wanted = self.rulebook.operating_point
        return Thresholds(
            identification=threshold_for_identification(self.pack, wanted.fpir, max(1, gallery_size)),
            verification=self.verification_threshold,
        )

    @property
    def verification_threshold(self) -> CalibrationRecord:
        """Return the calibrated threshold for 1:1 at the rulebook's operating point.

        Raises:
            CalibrationMissing: the pack has no such record.
        """
        return threshold_for_verification(self.pack, self.rulebook.operating_point.fmr)
