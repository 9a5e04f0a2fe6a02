"""Mint one passport, good or broken in one known way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fairgate.errors import PapersError
from fairgate.papers.chip.active import CHALLENGE_BYTES
from fairgate.papers.chip.chip_authentication import RecordedExchange
from fairgate.papers.chip.exchange_file import ActiveExchange
from fairgate.papers.chip.face_image import FaceFormat
from fairgate.papers.chip.files import COM, SOD, group_name
from fairgate.papers.chip.security_infos import SessionCipher
from fairgate.papers.chip.security_object import LDS_SECURITY_OBJECT
from fairgate.papers.mint import groups as write
from fairgate.papers.mint.authority import CSCA_NAME, Authority, make_authority
from fairgate.papers.mint.breaks import BreakKind
from fairgate.papers.mint.exchanges import active_exchange, chip_exchange
from fairgate.papers.mint.keys import KeyRole, Keys, MintAlgorithm
from fairgate.papers.mint.messages import MessageForm, signed_message
from fairgate.papers.pki.algorithms import OID_OF_SIGNATURE, HashName, Scheme, SignatureAlgorithm
from fairgate.papers.pki.keys import EcKey
from fairgate.papers.trust.countries import is_imaginary

_ZONE_LENGTHS = {72, 88, 90}
_OTHER_STATE = "D<<"
_CHIP_CURVE = "P-256"


@dataclass(frozen=True, slots=True)
class MintOrder:
    """What is to be minted.

    Args:
        zone: machine-readable zone of TD1, TD2 or TD3, lines apart or not; its issuing state is ``UTO``.
        photo: JPEG or JPEG 2000.
        algorithm: with which everything is signed.
        at: now; aware, UTC.
        face_format: of DG2.
        cipher: of chip authentication's session.
        broken: what is to be wrong; ``None`` for a good paper.
    """

    zone: str = field(repr=False)
    photo: bytes = field(repr=False)
    algorithm: MintAlgorithm
    at: datetime
    face_format: FaceFormat = FaceFormat.ISO_19794_5
    cipher: SessionCipher = SessionCipher.AES_128
    broken: BreakKind | None = None


@dataclass(frozen=True, slots=True)
class MintedPassport:
    """A minted passport.

    Args:
        files: name → content, e.g. ``"EF.SOD"``, ``"DG1"``.
        authority: who issued it.
        active: a recorded exchange of active authentication.
        chip: a recorded exchange of chip authentication.
        challenge: what the reader sends; the challenge that was answered, but for a replay.
    """

    files: Mapping[str, bytes] = field(repr=False)
    authority: Authority
    active: ActiveExchange
    chip: RecordedExchange
    challenge: bytes


def mint_passport(order: MintOrder, keys: Keys, entropy: Callable[[int], bytes]) -> MintedPassport:
    """Mint a passport of Utopia.

    Args:
        order: what is wanted.
        keys: private keys by role.
        entropy: unpredictable bytes.

    Raises:
        PapersError: the zone is not Utopia's or of no known length, or the photo cannot be used.
    """
    broken, algorithm = order.broken, order.algorithm
    authority = make_authority(algorithm, keys, entropy, at=order.at, broken=broken)
    contents = _groups(order, keys)
    hash_name = algorithm.hash_name
    hashes = {group: hash_name.of(content) for group, content in contents.items()}
    if broken is BreakKind.GROUP_NOT_SIGNED:
        del hashes[14]
    named_hash = hash_name
    if broken is BreakKind.HASH_ALGORITHM:
        named_hash = HashName.SHA256 if hash_name is HashName.SHA512 else HashName.SHA512
    content = write.lds_security_object(hashes, named_hash)
    security_object = write.security_object(_signed(order, authority, keys, content))

    listed = {*contents, 7} if broken is BreakKind.COM_LISTS_ABSENT else set(contents)
    files = {COM: write.common_data(listed), SOD: security_object}
    files.update({group_name(group): content for group, content in contents.items()})
    _spoil(files, broken)
    active, chip = _active(order, keys, entropy), _chip(order, keys, entropy)
    challenge = entropy(CHALLENGE_BYTES) if broken is BreakKind.EXCHANGE_REPLAYED else active.challenge
    return MintedPassport(files, authority, active, chip, challenge)


def _groups(order: MintOrder, keys: Keys) -> dict[int, bytes]:
    zone = "".join(order.zone.split())
    if len(zone) not in _ZONE_LENGTHS or not zone.isascii():
        raise PapersError("The machine-readable zone has not 72, 88 or 90 characters.", position=0)
    if not is_imaginary(zone[2:5]):
        raise PapersError("Only papers of the imaginary state UTO are minted.", position=2)
    if order.broken is BreakKind.ISSUER_DIFFERS:
        zone = zone[:2] + _OTHER_STATE + zone[5:]
    active = keys.of(KeyRole.ACTIVE, order.algorithm.key_kind).public
    chip = _chip_key(order, keys)
    variant = list(SessionCipher).index(order.cipher) + 1
    plain = SignatureAlgorithm(Scheme.ECDSA_PLAIN, order.algorithm.hash_name)
    active_oid = OID_OF_SIGNATURE[plain] if isinstance(active, EcKey) else ""
    return {
        1: write.mrz_group(zone),
        2: write.face_group(order.photo, order.face_format, order.at),
        14: write.security_infos(chip, variant, active_oid),
        15: write.active_key(active),
    }


def _signed(order: MintOrder, authority: Authority, keys: Keys, content: bytes) -> bytes:
    broken = order.broken
    key = authority.signer_key
    if broken is BreakKind.WRONG_SIGNER:
        key = keys.of(KeyRole.OTHER_SIGNER, order.algorithm.key_kind)
    form = MessageForm(
        LDS_SECURITY_OBJECT,
        content,
        () if broken is BreakKind.SIGNER_ABSENT else (authority.signer,),
        CSCA_NAME,
        authority.signer_serial,
        authority.signed_at,
        authority.signed_at + timedelta(seconds=1) if broken is BreakKind.ATTRIBUTES_ALTERED else None,
        "1.2.840.113549.1.7.1" if broken is BreakKind.CONTENT_TYPE else "",
        content + b"\x00" if broken is BreakKind.CONTENT_REPLACED else None,
    )
    message = signed_message(form, key, order.algorithm)
    return message[:-9] + bytes([message[-9] ^ 1]) + message[-8:] if broken is BreakKind.SIGNATURE_BIT else message


def _spoil(files: dict[str, bytes], broken: BreakKind | None) -> None:
    if broken is BreakKind.DG1_CHANGED:
        zone = files["DG1"]
        files["DG1"] = zone[:15] + (b"A" if zone[15:16] != b"A" else b"B") + zone[16:]
    elif broken is BreakKind.DG2_CHANGED:
        files["DG2"] = files["DG2"][:-20] + bytes(20)
    elif broken is BreakKind.GROUP_MISSING:
        del files["DG2"]
    elif broken is BreakKind.SOD_TRUNCATED:
        files[SOD] = files[SOD][: len(files[SOD]) * 3 // 5]
    elif broken is BreakKind.SOD_MISSING:
        del files[SOD]


def _active(order: MintOrder, keys: Keys, entropy: Callable[[int], bytes]) -> ActiveExchange:
    cloned = order.broken is BreakKind.CHIP_CLONED
    key = keys.of(KeyRole.OTHER_ACTIVE if cloned else KeyRole.ACTIVE, order.algorithm.key_kind)
    exchange = active_exchange(key, entropy, order.algorithm.hash_name)
    if order.broken is not BreakKind.ACTIVE_ANSWER:
        return exchange
    # The answer to another challenge, as one who replays a recording has it.
    return ActiveExchange(exchange.challenge, active_exchange(key, entropy, order.algorithm.hash_name).response)


def _chip(order: MintOrder, keys: Keys, entropy: Callable[[int], bytes]) -> RecordedExchange:
    role = KeyRole.OTHER_CHIP if order.broken is BreakKind.CHIP_CLONED else KeyRole.CHIP
    exchange = chip_exchange(_chip_key(order, keys, role), order.cipher, entropy)
    if order.broken is not BreakKind.CHIP_CHECKSUM:
        return exchange
    response = exchange.response
    spoiled = response[:-3] + bytes([response[-3] ^ 1]) + response[-2:]
    return RecordedExchange(exchange.terminal_private_key, spoiled, exchange.counter)


def _chip_key(order: MintOrder, keys: Keys, role: KeyRole = KeyRole.CHIP) -> EcKey:
    kind = order.algorithm.key_kind
    public = keys.of(role, _CHIP_CURVE if kind == "rsa" else kind).public
    assert isinstance(public, EcKey)
    return public
