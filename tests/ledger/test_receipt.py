"""Receipts: what was signed is read, and nothing else is, whatever is done to a code."""

from __future__ import annotations

import random
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import ReceiptAltered, ReceiptCutShort, ReceiptOfAnotherKey, ReceiptRefused
from fairgate.ledger.checkpoint import checkpoint_text
from fairgate.ledger.receipt import PREFIX, Choice, Kept, Moment, Receipt, read_code, signed_code
from fairgate.vault.signing_key import SigningKey
from fairgate.vocabulary import Modality, RecordClass

KEY = SigningKey("fairgate.test/receipts", bytes(range(32)))
OTHER = SigningKey("fairgate.test/receipts", bytes(range(1, 33)))
NOW = datetime(2026, 11, 22, 10, 20, 31, tzinfo=UTC)
RECEIPT = Receipt(
    "00112233445566778899",
    NOW,
    Moment.DURING,
    Modality.PHOTOGRAPH,
    Choice.VOLUNTARY,
    "us-citizen",
    "0f" * 8,
    (Kept(RecordClass.CROSSING, NOW + timedelta(days=5479)), Kept(RecordClass.CASE, NOW + timedelta(days=3650))),
)
CODE = signed_code(RECEIPT, KEY)

hours = st.integers(0, 9_000_000).map(lambda hour: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour))
receipts = st.builds(
    Receipt,
    st.binary(min_size=10, max_size=10).map(bytes.hex),
    hours,
    st.sampled_from(Moment),
    st.sampled_from(Modality),
    st.sampled_from(Choice),
    st.from_regex(r"[A-Za-z0-9._:/@-]{0,64}", fullmatch=True),
    st.binary(min_size=8, max_size=8).map(bytes.hex),
    st.lists(st.builds(Kept, st.sampled_from(RecordClass), hours), max_size=16).map(tuple),
)


@given(receipts)
def test_what_is_signed_is_read(receipt: Receipt) -> None:
    """Every receipt that can be made comes back as it was, from letters and digits alone."""
    code = signed_code(receipt, KEY)
    assert set(code) <= set(string.ascii_uppercase + "0123456789")
    assert read_code(code, KEY.verifier_key) == receipt
    assert read_code(f" {code[:40]}\n{code[40:]} ", f"{KEY.verifier_key}\n") == receipt


def test_a_code_names_no_minute_and_is_short() -> None:
    """The hour is all that is said of the time, and a phone reads the code."""
    assert read_code(CODE, KEY.verifier_key).at == NOW.replace(minute=0, second=0)
    assert len(CODE) < 230


def test_ten_thousand_mutated_codes_are_refused() -> None:
    """Letters changed, left out, doubled, swapped, cut off or put together from two receipts: none is believed."""
    drawn = random.Random(20261126)
    letters = string.ascii_letters + string.digits + "=-_+/.:éа"
    second = signed_code(
        Receipt("ff" * 10, NOW, Moment.AFTER, Modality.PHOTOGRAPH, Choice.REQUIRED, "us-alien", "0f" * 8), KEY
    )
    mutated: set[str] = set()
    while len(mutated) < 10_000:
        at, to = sorted(drawn.sample(range(len(CODE) + 1), 2))
        mutated.add(
            drawn.choice(
                (
                    CODE[:at] + drawn.choice(letters) + CODE[at + 1 :],
                    CODE[:at] + CODE[to:],
                    CODE[:to] + CODE[at:],
                    CODE[:at] + drawn.choice(letters) + CODE[at:],
                    CODE[:at] + CODE[at:to][::-1] + CODE[to:],
                    CODE[:at] + second[at:],
                    second[:at] + CODE[at:],
                )
            )
        )
        mutated -= {CODE, second}
    for code in mutated:
        with pytest.raises(ReceiptRefused):
            read_code(code, KEY.verifier_key)


@pytest.mark.parametrize("length", range(len(PREFIX), len(CODE)))
def test_every_code_cut_short_is_refused_as_such(length: int) -> None:
    """Whoever copied half of it is told so."""
    with pytest.raises(ReceiptCutShort):
        read_code(CODE[:length], KEY.verifier_key)


def test_each_refusal_has_its_own_code() -> None:
    """Half a code, another key, another letter, and something else altogether."""
    for code, key, refused in (
        (CODE[:100], KEY, ReceiptCutShort),
        (CODE, OTHER, ReceiptOfAnotherKey),
        (CODE[:60] + ("A" if CODE[60] != "A" else "B") + CODE[61:], KEY, ReceiptAltered),
        ("hello", KEY, ReceiptRefused),
        ("", KEY, ReceiptRefused),
    ):
        with pytest.raises(refused) as told:
            read_code(code, key.verifier_key)
        assert type(told.value) is refused
    name, _, rest = KEY.verifier_key.partition("+")
    for wrong in ("no key", "", "a+b", f"{name}x+{rest}", f"{KEY.verifier_key[:-4]}AAA=", "é+00+AQ=="):
        with pytest.raises(ReceiptRefused):
            read_code(CODE, wrong)


def test_a_receipt_signed_anew_by_another_is_refused() -> None:
    """The same words under another key, also where that key has the same name."""
    with pytest.raises(ReceiptOfAnotherKey):
        read_code(signed_code(RECEIPT, OTHER), KEY.verifier_key)


def test_another_signature_of_the_same_key_is_no_receipt() -> None:
    """What is signed begins with the name of its use, so a checkpoint's signature does not serve."""

    class Careless:
        name, public_key = KEY.name, KEY.public_key

        def sign(self, message: bytes, /) -> bytes:
            return KEY.sign(checkpoint_text(KEY.name, 1, bytes(32)).encode())

    with pytest.raises(ReceiptAltered):
        read_code(signed_code(RECEIPT, Careless()), KEY.verifier_key)
