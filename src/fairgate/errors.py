"""One tree of exceptions, each with a stable code.

An exception means a broken contract, refused input, refused configuration or failed infrastructure. Expected results
(no match, opted out, poor image) are values in :mod:`fairgate.vocabulary`, never exceptions.

Each class names the exit code that the command line answers with:
3 input refused · 4 configuration refused · 5 internal.
"""

from __future__ import annotations

from typing import ClassVar


class FairgateError(Exception):
    """Base of every exception that Fairgate raises on purpose.

    Args:
        public_text: one sentence for the person who runs the command; it holds no personal data.
        way_out: one sentence saying what to do about it; may be empty.

    The cause, where there is one, is chained with ``raise … from`` and is not shown to the public.
    """

    code: ClassVar[str] = "internal.fault"
    exit_code: ClassVar[int] = 5

    def __init__(self, public_text: str, *, way_out: str = "") -> None:
        super().__init__(public_text)
        self.public_text = public_text
        self.way_out = way_out

    def __str__(self) -> str:
        """Return the public text followed by the way out."""
        return f"{self.public_text} {self.way_out}".strip()


# --- Input refused: exit code 3 ---------------------------------------------------------------------------------


class InputRefused(FairgateError):
    """Something handed in could not be used; nothing was lost or half done."""

    code = "input.refused"
    exit_code = 3


class ImageRefused(InputRefused):
    """An image was not decoded. ``reason`` is one of the stable codes in ``ImageRefused.REASONS``."""

    code = "input.image"
    REASONS: ClassVar[tuple[str, ...]] = (
        "not_an_image",
        "format_not_allowed",
        "truncated",
        "damaged",
        "too_many_pixels",
        "too_many_bytes",
        "out_of_memory",
        "out_of_time",
        "decoder_fault",
        "missing",
        "empty",
    )

    def __init__(self, public_text: str, *, reason: str, way_out: str = "") -> None:
        if reason not in self.REASONS:
            raise ValueError(f"{reason!r} is not a known reason")
        super().__init__(public_text, way_out=way_out)
        self.reason = reason


class PapersError(InputRefused):
    """A travel paper or passenger list could not be read.

    Args:
        position: offset into the input, in bytes, where reading stopped; ``None`` where it concerns the whole.
    """

    code = "input.papers"

    def __init__(self, public_text: str, *, position: int | None = None, way_out: str = "") -> None:
        super().__init__(public_text, way_out=way_out)
        self.position = position


class ScoresRefused(InputRefused):
    """Comparison scores handed to the measuring part are unusable (empty, not finite, wrong shape)."""

    code = "input.scores"


class TableRefused(InputRefused):
    """A CSV file lacks a column or holds a value that cannot be read; the text names the line."""

    code = "input.table"


class NothingStaged(InputRefused):
    """The flight named has no gallery yet."""

    code = "input.nothing_staged"


class StagingConflict(InputRefused):
    """The flight was already staged from another list, pack or rulebook."""

    code = "input.staging_conflict"


class ReceiptRefused(InputRefused):
    """Something is no receipt that this version knows, or the public key to check it with cannot be read."""

    code = "input.receipt"


class ReceiptCutShort(ReceiptRefused):
    """A receipt's code lacks letters at its end."""

    code = "input.receipt_cut_short"


class ReceiptOfAnotherKey(ReceiptRefused):
    """A receipt was signed with another key than the one it was checked with."""

    code = "input.receipt_other_key"


class ReceiptAltered(ReceiptRefused):
    """A letter of a receipt's code is not as it was issued."""

    code = "input.receipt_altered"


class NoticeRefused(InputRefused):
    """A notice cannot be recorded: its picture shows a person, or its days contradict each other."""

    code = "input.notice"


class NoSuchRecord(InputRefused):
    """Nothing is on record under the identifier named."""

    code = "input.no_such_record"


class LaneNotOpen(InputRefused):
    """A lane has no current notice in each of the rulebook's languages, so it takes no captures."""

    code = "lane.no_notice"


class RulebookChangeRefused(InputRefused):
    """A rulebook was not proposed, commented on or adopted. ``reason`` is one of the stable codes in ``REASONS``."""

    code = "rules.change"
    REASONS: ClassVar[tuple[str, ...]] = (
        "not_enrolled",
        "already_enrolled",
        "wrong_key",
        "signature",
        "same_actor",
        "not_proposed",
        "altered",
        "comments_too_short",
        "comments_open",
        "comments_over",
        "superseded",
        "already_adopted",
        "effective_day",
        "founding",
        "clock",
        "empty",
    )

    def __init__(self, public_text: str, *, reason: str, way_out: str = "") -> None:
        if reason not in self.REASONS:
            raise ValueError(f"{reason!r} is not a known reason")
        super().__init__(public_text, way_out=way_out)
        self.reason = reason


class ExportRefused(InputRefused):
    """Records were not exported, or an export is not read. ``reason`` is one of the stable codes in ``REASONS``."""

    code = "input.export"
    REASONS: ClassVar[tuple[str, ...]] = ("purpose", "expired", "altered", "not_an_export", "other_key")

    def __init__(self, public_text: str, *, reason: str, way_out: str = "") -> None:
        if reason not in self.REASONS:
            raise ValueError(f"{reason!r} is not a known reason")
        super().__init__(public_text, way_out=way_out)
        self.reason = reason


class QueueNumberUnknown(InputRefused):
    """Nobody waits, or waited, for an officer under this number."""

    code = "input.queue_number"


class ManualResultRefused(InputRefused):
    """An officer's result cannot be recorded: it contradicts itself, the list, or what is recorded already."""

    code = "input.manual_result"


class UndoRefused(InputRefused):
    """A match or confirmation cannot be undone: there is none, or it is undone already."""

    code = "input.undo"


class CorrectionRefused(InputRefused):
    """What is known of somebody listed cannot be corrected so: nothing differs, or a value is not of its form."""

    code = "input.correction"


class FlightDeparted(InputRefused):
    """The flight has left, so no match of it is undone any more."""

    code = "input.flight_departed"


# --- Configuration refused: exit code 4 --------------------------------------------------------------------------


class ConfigurationRefused(FairgateError):
    """Fairgate will not start as configured."""

    code = "config.refused"
    exit_code = 4


class PackRefused(ConfigurationRefused):
    """A pack or one of its model files cannot be used."""

    code = "config.pack"


class PackFormRefused(PackRefused):
    """A pack's TOML file is unreadable, or a key is missing, unknown, of the wrong type or out of range."""

    code = "config.pack_form"


class PackModelMissing(PackRefused):
    """A model file that a pack names is not installed."""

    code = "config.pack_model_missing"


class PackDigestMismatch(PackRefused):
    """A model file does not have the digest that its pack declares."""

    code = "config.pack_digest"


class PackModelShape(PackRefused):
    """A model takes pixels of another shape than its pack says."""

    code = "config.pack_model_shape"


class PackModelFormat(PackRefused):
    """A model file is no ONNX model, is cut short, or cannot be loaded by the inference runtime."""

    code = "config.pack_model_format"


class PackModelExternal(PackRefused):
    """A model names weights that lie outside its own file."""

    code = "config.pack_model_external"


class PackModelOperators(PackRefused):
    """A model needs operators that are not of the standard set."""

    code = "config.pack_model_operators"


class ExecutionProviderRefused(PackRefused):
    """The configured execution provider is not installed, cannot be started, or gives other features than the CPU."""

    code = "config.execution_provider"


class PackFeatureLength(PackRefused):
    """A recogniser gives features of another length than its pack says."""

    code = "config.pack_feature_length"


class PackConflict(PackRefused):
    """A pack was to be added where another is, or a pack that is in use, or part of Fairgate, was to be removed."""

    code = "config.pack_conflict"


class PackDownload(PackRefused):
    """A model file could not be downloaded; what arrived is kept, and the next attempt goes on from there."""

    code = "config.pack_download"


class CalibrationMissing(PackRefused):
    """No calibration record supports the operating point asked for."""

    code = "config.calibration_missing"


class CalibrationOfAnotherPack(PackRefused):
    """A calibration record was made with another pack than the one it stands in."""

    code = "config.calibration_of_another_pack"


class RulebookRefused(ConfigurationRefused):
    """A rulebook has a gap, an overlap, an unknown key, or a rule without citation.

    Args:
        rule_id: the rule concerned, where one is.
    """

    code = "config.rulebook"

    def __init__(self, public_text: str, *, rule_id: str | None = None, way_out: str = "") -> None:
        super().__init__(public_text, way_out=way_out)
        self.rule_id = rule_id


class RulebookNotAdopted(ConfigurationRefused):
    """The rulebook was not adopted in this data folder, or what says so is not as it was signed."""

    code = "rules.not_adopted"


class DemoModeRefused(ConfigurationRefused):
    """Demo mode was asked for in a data folder that has adopted a rulebook: a real house is no demonstration."""

    code = "rules.demo_mode"


class TrustRefused(ConfigurationRefused):
    """No trust list is configured, or a file of it cannot be read or believed."""

    code = "config.trust"


class StoreRefused(ConfigurationRefused):
    """The database is of an unknown schema version, or its safety settings are not in force."""

    code = "config.store"


# --- Broken contracts and infrastructure: exit code 5 -------------------------------------------------------------


class PackMismatch(FairgateError):
    """Features of two different packs were about to be compared."""

    code = "internal.pack_mismatch"


class FaceContractBroken(FairgateError):
    """Pixels, landmarks or features handed to the face part are not of the agreed type or shape."""

    code = "internal.face_contract"


class EngineFault(FairgateError):
    """The inference runtime failed; the capture's subject goes to an officer."""

    code = "internal.engine"


class GalleryRefused(FairgateError):
    """A gallery was about to be built or searched in a way that is not bounded, named and permitted."""

    code = "internal.gallery"


class PhotoIsSealed(FairgateError, TypeError):
    """Something tried to print, copy, pickle or serialise a photo."""

    code = "internal.photo_sealed"


class PurposeRefused(FairgateError):
    """A record was about to be used without a purpose that the rulebook names."""

    code = "internal.purpose"


class VaultFault(FairgateError):
    """A sealed record could not be sealed or opened."""

    code = "internal.vault"


class RecordExpired(VaultFault):
    """A sealed record's deadline has passed, or its key is destroyed."""

    code = "internal.record_expired"


class LedgerFault(FairgateError):
    """The ledger could not take an entry; the operation it was for is denied."""

    code = "internal.ledger"


class StoreFault(FairgateError):
    """The database refused an operation."""

    code = "internal.store"


class AlreadyRecorded(StoreFault):
    """The crossing for this capture is already in the store; another process was first."""

    code = "internal.already_recorded"


class ManualPathDown(FairgateError):
    """Not even the manual path can be recorded; people are served on paper, and entered afterwards."""

    code = "internal.manual_path"


class WorkerFault(FairgateError):
    """A worker process could not be started or does not answer as agreed."""

    code = "internal.worker"
