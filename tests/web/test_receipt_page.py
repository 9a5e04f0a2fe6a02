"""The page of a receipt: two languages, no script, nothing from a network, and a QR code."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from fairgate.ledger.receipt import Choice, Kept, Moment, Receipt, signed_code
from fairgate.services.check_receipt import in_words
from fairgate.vault.signing_key import SigningKey
from fairgate.vocabulary import Modality, RecordClass
from fairgate.web.receipt_page import render_receipt_page

KEY = SigningKey("fairgate.test/receipts", bytes(32))
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def receipt(*kept: Kept, moment: Moment = Moment.AFTER) -> Receipt:
    return Receipt("ab" * 10, NOW, moment, Modality.PHOTOGRAPH, Choice.REQUIRED, "us-alien", "cd" * 8, kept)


def test_the_page_says_everything_in_two_languages_and_runs_nothing() -> None:
    """What was asked, the rule, what is kept until when, how to check it and how to report."""
    own = receipt(Kept(RecordClass.CROSSING, NOW + timedelta(days=5479)))
    code = signed_code(own, KEY)
    page = render_receipt_page(own, code, KEY.verifier_key)
    for said in ("us-alien", "cd" * 8, "2041-11-22 10:00 UTC", "fairgate.test/receipts", 'lang="es"', "<svg"):
        assert said in page
    for words in (in_words(own, "en"), in_words(own, "es")):
        assert words.happened in page
        assert words.nothing_biometric in page
    assert page.count("fairgate receipt check") == page.count("fairgate opt-out report") == 2
    shown = re.search(r'<p class="code">(.*?)</p>', page)
    assert shown is not None
    assert shown[1].replace(" ", "") == code
    assert "<script" not in page
    assert re.search(r"""(src|href)\s*=""", page) is None


def test_a_photo_that_is_kept_is_not_denied() -> None:
    """The sentence that nothing biometric is kept stands only where that is so."""
    own = receipt(Kept(RecordClass.PHOTO, NOW + timedelta(hours=12)), moment=Moment.CROSSING)
    assert in_words(own).nothing_biometric == ""
    assert "the photo taken here" in render_receipt_page(own, signed_code(own, KEY), KEY.verifier_key)


@pytest.mark.parametrize("demo_mode", [True, False])
def test_a_receipt_of_a_demonstration_says_so(demo_mode: bool) -> None:
    """In both languages, and only there."""
    own = receipt()
    page = render_receipt_page(own, signed_code(own, KEY), KEY.verifier_key, demo_mode=demo_mode)
    assert ("Demo mode" in page, "Modo de demostración" in page) == (demo_mode, demo_mode)
