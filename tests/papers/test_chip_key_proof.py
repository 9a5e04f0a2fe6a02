"""A copy of a chip's files has no private key: it is told from the chip wherever somebody asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest
from test_minted_papers import AT, JPEG, TD3, counted, trust_of

from fairgate.papers.chip import passive_authentication, read_chip
from fairgate.papers.chip.active import ActiveAuthentication
from fairgate.papers.chip.chip_authentication import ChipAuthentication, RecordedExchange, terminal_public_key
from fairgate.papers.chip.exchange_file import NOTHING_RECORDED, ActiveExchange, RecordedExchanges
from fairgate.papers.chip.key_proof import ProofReason, ProofResult, not_shown, prove_keys
from fairgate.papers.chip.security_infos import ChipAuthenticationInfo, KeyAgreement, SessionCipher
from fairgate.papers.chip.verdicts import Genuine, StepOutcome
from fairgate.papers.mint.groups import common_data
from fairgate.papers.mint.keys import ALGORITHMS
from fairgate.papers.mint.passport import MintedPassport, MintOrder, mint_passport
from fairgate.papers.pki.keys import DhKey, EcKey, KeyProblem, UnusableKey
from fairgate.services.mint_papers import DrawnKeys

_KEYS = DrawnKeys(2048)


@cache
def minted(algorithm: str = "ecdsa-p256") -> MintedPassport:
    """A good passport."""
    return mint_passport(MintOrder(TD3, JPEG, ALGORITHMS[algorithm], AT), _KEYS, counted())


def judged(
    recorded: RecordedExchanges, *sent: bytes, files: Mapping[str, bytes] | None = None, algorithm: str = "ecdsa-p256"
) -> tuple[ProofResult, ProofResult]:
    """Both steps for the good passport's files, or for others."""
    paper = minted(algorithm)
    chip = read_chip(files or paper.files)
    return prove_keys(chip, passive_authentication(chip, trust_of(paper), at=AT), recorded, sent)


def codes(proofs: tuple[ProofResult, ProofResult]) -> tuple[str, str]:
    """What both say."""
    return proofs[0].code, proofs[1].code


def good(algorithm: str = "ecdsa-p256") -> RecordedExchanges:
    """The exchanges as recorded."""
    return RecordedExchanges(minted(algorithm).active, minted(algorithm).chip)


def reader_key(paper: MintedPassport) -> bytes:
    """What the reader sent for chip authentication."""
    infos = read_chip(paper.files).security_infos
    assert infos is not None
    key = infos.public_keys[0].key
    assert isinstance(key, EcKey)
    sent = terminal_public_key(key, paper.chip.terminal_private_key)
    assert sent is not None
    return sent


@pytest.mark.parametrize("algorithm", ["ecdsa-p256", "rsa-pss-sha256", "ecdsa-brainpoolp512r1"])
def test_the_chip_itself_passes(algorithm: str) -> None:
    """Whether the reader says what it sent or not; the steps are 8 and 9."""
    paper = minted(algorithm)
    for sent in ((), (paper.challenge,), (paper.challenge, reader_key(paper))):
        proofs = judged(good(algorithm), *sent, algorithm=algorithm)
        assert codes(proofs) == ("passed", "passed")
        assert [proof.step.value for proof in proofs] == [8, 9]


def test_a_copy_is_stopped_wherever_it_was_asked() -> None:
    """All files to the last octet and no private key: it answers with a key of its own, or repeats itself."""
    other = mint_passport(MintOrder(TD3, JPEG, ALGORITHMS["ecdsa-p256"], AT), DrawnKeys(2048), counted())
    copied = RecordedExchanges(other.active, other.chip)
    files = dict(minted().files)
    chip = read_chip(files)
    assert isinstance(passive_authentication(chip, trust_of(minted()), at=AT).verdict, Genuine)
    assert codes(judged(copied, files=files)) == ("answer_wrong", "checksum_wrong")
    silent = RecordedExchanges(ActiveExchange(bytes(8), b""), replace(minted().chip, response=b""))
    assert codes(judged(silent)) == ("answer_malformed", "response_malformed")
    assert all(proof.outcome is StepOutcome.FAILED for proof in (*judged(copied), *judged(silent)))


def test_nobody_asked_is_a_finding_and_no_failure() -> None:
    """It is said that a copy would have passed."""
    proofs = judged(NOTHING_RECORDED)
    assert codes(proofs) == (ProofReason.NOT_RECORDED, ProofReason.NOT_RECORDED)
    assert all(proof.outcome is StepOutcome.NOT_DONE for proof in proofs)
    assert not_shown(proofs) == proofs


@pytest.mark.parametrize("asked", ["active", "chip"])
def test_one_way_of_asking_is_enough(asked: str) -> None:
    """A copy passes neither, so that nothing is missing where the other was not recorded."""
    recorded = RecordedExchanges(**{asked: getattr(good(), asked)})
    proofs = judged(recorded)
    assert sorted(codes(proofs)) == ["exchange_not_recorded", "passed"]
    assert not_shown(proofs) == ()


def test_who_asked_and_has_no_answer_is_not_content() -> None:
    """A copy may well say nothing at all."""
    assert codes(judged(NOTHING_RECORDED, bytes(8))) == ("answer_missing", "exchange_not_recorded")
    assert codes(judged(NOTHING_RECORDED, reader_key(minted()))) == ("exchange_not_recorded", "answer_missing")


def test_an_exchange_is_good_once() -> None:
    """What was recorded of the true chip yesterday is no answer to what the reader sent today."""
    replayed = judged(good(), bytes(8), b"\x04" + bytes(64))
    assert codes(replayed) == ("challenge_replayed", "challenge_replayed")
    assert all(proof.outcome is StepOutcome.FAILED for proof in replayed)


def test_what_the_state_did_not_sign_is_not_offered() -> None:
    """A group that was put beside the files proves nothing, and hiding the signed one from EF.COM hides nothing."""
    files = dict(minted().files)
    for name in ("DG14", "DG15"):
        del files[name]
    files["EF.COM"] = common_data({1, 2})
    assert codes(judged(NOTHING_RECORDED, files=files)) == ("key_not_read", "key_not_read")
    dropped = judged(good(), files=files)
    assert codes(dropped) == ("key_not_read", "key_not_read")
    assert all(proof.outcome is StepOutcome.FAILED for proof in dropped)
    forged = dict(minted().files)
    forged["DG15"] = minted("rsa-pss-sha256").files["DG15"]
    proof, _ = judged(good("rsa-pss-sha256"), files=forged)
    assert (proof.outcome, proof.code) == (StepOutcome.NOT_DONE, "key_not_signed")


def test_a_chip_without_the_groups_offers_nothing() -> None:
    """As its state signed it; an exchange beside it changes nothing."""
    chip = read_chip(minted().files)
    assert chip.security_object is not None
    hashes = {group: digest for group, digest in chip.security_object.hashes.items() if group < 14}
    less = replace(chip, security_object=replace(chip.security_object, hashes=hashes), present=(1, 2))
    found = passive_authentication(chip, trust_of(minted()), at=AT)
    for recorded in (NOTHING_RECORDED, good()):
        proofs = prove_keys(less, found, recorded)
        assert codes(proofs) == ("not_offered", "not_offered")
        assert not_shown(proofs) == ()
    assert codes(prove_keys(replace(chip, security_object=None), found, good())) == ("earlier_step", "earlier_step")


def test_what_cannot_be_judged_is_undecided() -> None:
    """A key that is of no use here, a challenge that is none: neither for the chip nor against it."""
    chip = read_chip(minted().files)
    found = passive_authentication(chip, trust_of(minted()), at=AT)
    assert chip.security_infos is not None
    no_key = replace(chip.security_infos, public_keys=())
    blind = replace(chip, active_key=UnusableKey(KeyProblem.UNKNOWN_CURVE), security_infos=no_key)
    proofs = prove_keys(blind, found, good())
    assert codes(proofs) == (ActiveAuthentication.KEY_UNUSABLE, ChipAuthentication.KEY_UNUSABLE)
    short = RecordedExchanges(ActiveExchange(bytes(7), b"\x00"), RecordedExchange(0, b"\x00"))
    assert codes(judged(short)) == ("challenge_malformed", "terminal_key_malformed")
    for proof in (*proofs, *judged(short)):
        assert proof.undecided
        assert proof.outcome is StepOutcome.NOT_DONE


def test_the_variant_that_was_spoken_is_found() -> None:
    """DG14 may name several; the recording holds for one."""
    chip = read_chip(minted().files)
    assert chip.security_infos is not None
    others = tuple(ChipAuthenticationInfo(KeyAgreement.ECDH, cipher) for cipher in SessionCipher)
    infos = replace(chip.security_infos, chip_authentication=others)
    found = passive_authentication(chip, trust_of(minted()), at=AT)
    _, proof = prove_keys(replace(chip, security_infos=infos), found, good())
    assert (proof.code, proof.detail) == ("passed", "ecdh aes_128, P-256")


def test_a_terminals_key_is_what_it_sends() -> None:
    """A point, uncompressed, or a number as long as the modulus."""
    curve = read_chip(minted().files).active_key
    assert isinstance(curve, EcKey)
    assert terminal_public_key(curve, 1) == b"\x04" + b"".join(
        number.to_bytes(32, "big") for number in (curve.curve.x, curve.curve.y)
    )
    assert terminal_public_key(curve, curve.curve.n) is None
    modulus = DhKey(2**1024 + 643, 2, 12345)
    assert terminal_public_key(modulus, 3) == bytes(128) + b"\x08"
    assert terminal_public_key(modulus, 0) is None
