"""Check a receipt and say in words what it says; neither a store nor the network is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from fairgate.ledger.receipt import Choice, Kept, Moment, Receipt, read_code
from fairgate.vocabulary import RecordClass

LANGUAGES = ("en", "es")

_MOMENTS: Mapping[str, Mapping[Moment, str]] = MappingProxyType(
    {
        "en": {
            Moment.BEFORE: "You declined to have your face compared before a photo was taken. Nothing was compared.",
            Moment.DURING: "You declined while your photo was being compared. The comparison was cancelled and the "
            "photo destroyed.",
            Moment.AFTER: "You declined after your photo was compared. The photo was erased and the match taken back.",
            Moment.CROSSING: "You crossed here, and asked for this receipt.",
        },
        "es": {
            Moment.BEFORE: "Usted rechazó la comparación de su rostro antes de que se tomara una foto. No se comparó "
            "nada.",
            Moment.DURING: "Usted rechazó la comparación mientras se hacía. La comparación se canceló y la foto se "
            "destruyó.",
            Moment.AFTER: "Usted rechazó la comparación después de hecha. La foto se borró y la coincidencia se anuló.",
            Moment.CROSSING: "Usted cruzó por aquí y pidió este recibo.",
        },
    }
)
_CHOICES: Mapping[str, Mapping[Choice, str]] = MappingProxyType(
    {
        "en": {
            Choice.VOLUNTARY: "You were free to decline: an officer looks at your papers instead.",
            Choice.REQUIRED: "The rule asks for a photograph. No machine compared you against your will; an officer "
            "says what follows.",
            Choice.NOT_ASKED: "The rule does not ask you for a photograph.",
        },
        "es": {
            Choice.VOLUNTARY: "Usted era libre de rechazarla: un agente revisa sus documentos en su lugar.",
            Choice.REQUIRED: "La regla pide una fotografía. Ninguna máquina lo comparó contra su voluntad; un agente "
            "dirá qué sigue.",
            Choice.NOT_ASKED: "La regla no le pide una fotografía.",
        },
    }
)
_CLASSES: Mapping[str, Mapping[RecordClass, str]] = MappingProxyType(
    {
        "en": {
            RecordClass.PHOTO: "the photo taken here, sealed",
            RecordClass.TEMPLATE: "features of your reference photo, sealed",
            RecordClass.REFERENCE: "your reference photo",
            RecordClass.PASSENGER_LIST: "your entry on the passenger list, sealed",
            RecordClass.CHIP_DATA: "data read from your passport's chip",
            RecordClass.CROSSING: "the record that somebody crossed, without a face",
            RecordClass.CASE: "the record of this opt-out, without a name or a face",
        },
        "es": {
            RecordClass.PHOTO: "la foto tomada aquí, sellada",
            RecordClass.TEMPLATE: "los rasgos de su foto de referencia, sellados",
            RecordClass.REFERENCE: "su foto de referencia",
            RecordClass.PASSENGER_LIST: "su entrada en la lista de pasajeros, sellada",
            RecordClass.CHIP_DATA: "los datos leídos del chip de su pasaporte",
            RecordClass.CROSSING: "el registro de que alguien cruzó, sin rostro",
            RecordClass.CASE: "el registro de este rechazo, sin nombre ni rostro",
        },
    }
)
BIOMETRIC = frozenset({RecordClass.PHOTO, RecordClass.TEMPLATE, RecordClass.REFERENCE, RecordClass.CHIP_DATA})


@dataclass(frozen=True, slots=True)
class ReceiptInWords:
    """A receipt in one language.

    Args:
        language: ISO 639-1 code.
        happened: what the receipt is for.
        choice: what the rule left to the traveller.
        nothing_biometric: says that no image or feature of a face is kept; ``""`` where one is.
        kept: what is kept, each with the hour by which it is gone.
    """

    language: str
    happened: str
    choice: str
    nothing_biometric: str
    kept: tuple[tuple[str, datetime], ...]


def check_receipt(code: str, public_key: str) -> Receipt:
    """Return what a genuine receipt says.

    Args:
        code: as printed or scanned.
        public_key: ``name+id+key``.

    Raises:
        ReceiptRefused: it is none, is cut short, was altered, or was signed with another key.
    """
    return read_code(code, public_key)


def in_words(receipt: Receipt, language: str = "en") -> ReceiptInWords:
    """Return a receipt in words; English where the language is not known.

    Args:
        receipt: genuine.
        language: ISO 639-1 code.
    """
    language = language if language in LANGUAGES else LANGUAGES[0]
    none = {
        "en": "No image and no features of your face are kept.",
        "es": "No se conserva ninguna imagen ni rasgo de su rostro.",
    }
    return ReceiptInWords(
        language=language,
        happened=_MOMENTS[language][receipt.moment],
        choice=_CHOICES[language][receipt.choice],
        nothing_biometric="" if any(one.of in BIOMETRIC for one in receipt.kept) else none[language],
        kept=tuple((_CLASSES[language][one.of], one.until) for one in receipt.kept),
    )


def still_kept(receipt: Receipt, now: datetime) -> tuple[Kept, ...]:
    """Return what of a receipt is not due to be gone yet."""
    return tuple(one for one in receipt.kept if one.until > now.astimezone(UTC))
