"""What the vault seals is read back as it was, and anything else is refused."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import PackMismatch, VaultFault
from fairgate.services.sealed_forms import (
    PhotoProof,
    proof_from_bytes,
    template_from_bytes,
    template_to_bytes,
    traveller_from_bytes,
    traveller_to_bytes,
)
from fairgate.vocabulary import Features, Photo, TravelDocument, Traveller

PACK = "11" * 32

names = st.text(max_size=40)
days = st.none() | st.dates()
travellers = st.builds(
    Traveller,
    passenger_ref=names,
    family_name=names,
    given_names=names,
    born_on=days,
    sex=st.sampled_from(["F", "M", "X", ""]),
    nationality=names,
    further_nationalities=st.lists(names, max_size=2).map(tuple),
    documents=st.lists(
        st.builds(TravelDocument, kind=names, number=names, issuer=names, expires_on=days), max_size=3
    ).map(tuple),
    visa_class=st.sampled_from(["", "A-1", "B-2"]),
    on_waiver=st.booleans(),
    trusted_traveller=st.booleans(),
)


@given(travellers)
def test_a_traveller_is_read_back(traveller: Traveller) -> None:
    """Every listed fact survives, whatever letters it is written in."""
    assert traveller_from_bytes(traveller_to_bytes(traveller)) == traveller


def test_a_traveller_sealed_before_visas_were_known_has_none() -> None:
    """An older envelope is opened, and what it does not say is not known."""
    traveller = Traveller("P0001", "ERIKSSON", "ANNA", nationality="SWE")
    older = json.loads(traveller_to_bytes(traveller))
    for key in ("visa_class", "on_waiver", "trusted_traveller"):
        del older[key]
    assert traveller_from_bytes(json.dumps(older).encode()) == traveller


@given(st.binary(max_size=200))
def test_foreign_bytes_are_no_traveller(content: bytes) -> None:
    """Bytes of another form end in a fault of the vault and nothing else."""
    with pytest.raises(VaultFault):
        traveller_from_bytes(content)


def test_a_template_is_read_back_exactly() -> None:
    """No digit of a feature is lost, whether sealed with a proof of its photo, without, or as of old."""
    vector = np.random.Generator(np.random.PCG64(1)).standard_normal(128).astype(np.float32)
    photo = Photo(b"a photo")
    proof = PhotoProof.of(photo, bytes(range(32)))
    forms = [template_to_bytes(Features(PACK, vector), one) for one in (proof, None)]
    for content in (*forms, vector.astype("<f4").tobytes()):
        read = template_from_bytes(content, passenger_ref="P0001", pack_digest=PACK)
        assert (read.passenger_ref, read.features.pack_digest) == ("P0001", PACK)
        np.testing.assert_array_equal(read.features.vector, vector)
    assert proof_from_bytes(forms[0]) == proof
    assert proof_from_bytes(forms[1]) is None
    assert proof_from_bytes(vector.astype("<f4").tobytes()) is None


def test_a_template_of_another_pack_is_not_opened_as_this_ones() -> None:
    """The pack is sealed with the features: a row that names another pack does not make them another pack's."""
    content = template_to_bytes(Features(PACK, np.ones(4, dtype=np.float32)))
    with pytest.raises(PackMismatch):
        template_from_bytes(content, passenger_ref="P0001", pack_digest="22" * 32)


@given(st.binary(min_size=1, max_size=60), st.binary(min_size=1, max_size=60), st.binary(min_size=32, max_size=32))
def test_a_proof_knows_its_photo_and_no_other(content: bytes, other: bytes, key: bytes) -> None:
    """Byte for byte; the key makes two proofs of one photo differ, so that they cannot be joined."""
    proof = PhotoProof.of(Photo(content), key)
    assert proof.proves(Photo(content))
    assert proof.proves(Photo(other)) == (content == other)
    assert PhotoProof.of(Photo(content), bytes(32)).mac != proof.mac or key == bytes(32)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"123",
        np.array([1.0, np.nan], dtype="<f4").tobytes(),
        template_to_bytes(Features(PACK, np.ones(0, dtype=np.float32))),
        template_to_bytes(Features(PACK, np.ones(4, dtype=np.float32)))[:-1],
        template_to_bytes(Features(PACK, np.full(4, np.inf, dtype=np.float32))),
    ],
)
def test_broken_templates_are_refused(content: bytes) -> None:
    """An empty, cut or infinite template is a fault, not a template of zeros."""
    with pytest.raises(VaultFault):
        template_from_bytes(content, passenger_ref="P0001", pack_digest=PACK)


def test_no_birth_date_stays_unknown() -> None:
    """What the list did not say is not invented."""
    read = traveller_from_bytes(traveller_to_bytes(Traveller("P0001", "DOE", "JO", born_on=None)))
    assert read.born_on is None
    assert traveller_from_bytes(
        traveller_to_bytes(Traveller("P1", "A", "B", born_on=date(2012, 2, 29)))
    ).born_on == date(2012, 2, 29)
