"""A receipt to print: one HTML file in English and Spanish, without scripts and without anything from a network."""

from __future__ import annotations

from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from fairgate.ledger.receipt import Receipt
from fairgate.outside.qr_codes import qr_svg
from fairgate.services.check_receipt import LANGUAGES, in_words

_GROUP = 5
_NAMES = {"en": "English", "es": "Español"}


def render_receipt_page(receipt: Receipt, code: str, public_key: str, *, demo_mode: bool = False) -> str:
    """Return the page as HTML text, to be written as UTF-8.

    Args:
        receipt: what the code says; genuine.
        code: as issued.
        public_key: ``name+id+key``, whose name and id the page names.
        demo_mode: nobody adopted the rules that it speaks of, and the page says so.
    """
    name, _, rest = public_key.partition("+")
    letters = "".join(code.split())
    return _TEMPLATES.get_template("receipt.html.j2").render(
        receipt=receipt,
        demo_mode=demo_mode,
        code=[letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP)],
        qr=qr_svg(letters),
        key_name=name,
        key_id=rest.partition("+")[0],
        languages=[(in_words(receipt, one), _NAMES[one]) for one in LANGUAGES],
    )


def _hour(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:00 UTC")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("fairgate.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(hour=_hour)
    return environment


_TEMPLATES = _environment()
