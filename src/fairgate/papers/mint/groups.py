"""The data groups of a minted chip.

Source: ICAO Doc 9303-10 (8th ed., 2021) clauses 4.6–4.7; ISO/IEC 19794-5:2005 clause 5; ISO/IEC 39794-5:2019 annex A.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from fairgate.errors import PapersError
from fairgate.papers.chip import face_19794 as iso_19794
from fairgate.papers.chip.face_group import (
    CONSTRUCTED_DATA_BLOCK,
    DATA_BLOCK,
    GROUP_TEMPLATE,
    HEADER,
    TEMPLATE,
)
from fairgate.papers.chip.face_image import FaceFormat
from fairgate.papers.chip.files import COM_TAG, SOD_TAG, TAG_OF_GROUP
from fairgate.papers.chip.image_head import ImageFormat, ImageHead, read_image_head
from fairgate.papers.der import writing as der
from fairgate.papers.mint.encoding import hash_identifier, public_key_info
from fairgate.papers.pki.algorithms import HashName
from fairgate.papers.pki.keys import EcKey, RsaKey

_GENERATION, _YEAR = 3, 2019


def common_data(groups: Iterable[int]) -> bytes:
    """Return EF.COM for LDS 1.7 and Unicode 4.0.0."""
    tags = bytes(TAG_OF_GROUP[group] for group in sorted(groups))
    return der.tlv(COM_TAG, der.tlv(0x5F01, b"0107") + der.tlv(0x5F36, b"040000") + der.tlv(0x5C, tags))


def mrz_group(zone: str) -> bytes:
    """Return DG1 for a zone whose lines may be apart."""
    return der.tlv(TAG_OF_GROUP[1], der.tlv(0x5F1F, "".join(zone.split()).encode("ascii")))


def face_group(photo: bytes, face_format: FaceFormat, taken_at: datetime) -> bytes:
    """Return DG2.

    Raises:
        PapersError: the photo is neither JPEG nor JPEG 2000, or does not say its size.
    """
    head = read_image_head(photo)
    if head is None or not head.width_px or max(head.width_px, head.height_px) > 0xFFFF:
        raise PapersError("The photo is neither JPEG nor JPEG 2000, or does not say its size.", position=0)
    if face_format is FaceFormat.ISO_19794_5:
        block, kind = der.tlv(DATA_BLOCK, _face_19794(photo, head)), b"\x00\x08"
    else:
        block, kind = der.tlv(CONSTRUCTED_DATA_BLOCK, _face_39794(photo, head, taken_at)), b"\x00\x2a"
    header = b"".join(
        der.tlv(tag, content)
        for tag, content in (
            (0x80, b"\x01\x01"),
            (0x81, b"\x02"),
            (0x82, b"\x00"),
            (0x87, b"\x01\x01"),
            (0x88, kind),
        )
    )
    template = der.tlv(TEMPLATE, der.tlv(HEADER, header) + block)
    return der.tlv(TAG_OF_GROUP[2], der.tlv(GROUP_TEMPLATE, der.integer(1) + template))


def _face_19794(photo: bytes, head: ImageHead) -> bytes:
    length = iso_19794.RECORD_BYTES + iso_19794.IMAGE_BYTES + len(photo)
    kind = {image: code for code, image in iso_19794.FORMATS.items()}[head.format]
    size = head.width_px.to_bytes(2, "big") + head.height_px.to_bytes(2, "big")
    return b"".join(
        (
            iso_19794.MAGIC,
            iso_19794.VERSION,
            (iso_19794.HEADER_BYTES + length).to_bytes(4, "big"),
            (1).to_bytes(2, "big"),
            length.to_bytes(4, "big"),
            bytes(iso_19794.RECORD_BYTES - 4),
            bytes([1, kind]),
            size,
            bytes(iso_19794.IMAGE_BYTES - 6),
            photo,
        )
    )


def _face_39794(photo: bytes, head: ImageHead, taken_at: datetime) -> bytes:
    code = 2 if head.format is ImageFormat.JPEG else 3
    size = der.integer(head.width_px, tag=0x80) + der.integer(head.height_px, tag=0x81)
    information = der.tagged(0, der.integer(code, tag=0x80)) + der.tlv(0xA7, size)
    image = der.tlv(0x80, photo) + der.tlv(0xA1, information)
    taken = b"".join(
        der.integer(number, tag=0x80 + place)
        for place, number in enumerate((taken_at.year, taken_at.month, taken_at.day))
    )
    representation = der.sequence(
        der.integer(0, tag=0x80), der.tagged(1, der.tagged(0, der.tagged(0, image))), der.tlv(0xA2, taken)
    )
    version = der.integer(_GENERATION, tag=0x80) + der.integer(_YEAR, tag=0x81)
    return der.tagged(1, der.tlv(0x65, der.tlv(0xA0, version) + der.tlv(0xA1, representation)))


def security_infos(chip_key: EcKey, cipher_variant: int, active_oid: str) -> bytes:
    """Return DG14: chip authentication by ECDH, and the algorithm of active authentication where it is ECDSA.

    Args:
        chip_key: static key of the chip.
        cipher_variant: 1 for Triple-DES, 2–4 for AES with 128, 192 and 256 bits.
        active_oid: object identifier; ``""`` for RSA.
    """
    infos = [
        der.sequence(der.object_identifier("0.4.0.127.0.7.2.2.1.2"), public_key_info(chip_key)),
        der.sequence(der.object_identifier(f"0.4.0.127.0.7.2.2.3.2.{cipher_variant}"), der.integer(1)),
    ]
    if active_oid:
        named = der.object_identifier(active_oid)
        infos.append(der.sequence(der.object_identifier("2.23.136.1.1.5"), der.integer(1), named))
    return der.tlv(TAG_OF_GROUP[14], der.set_of(*infos))


def active_key(key: RsaKey | EcKey) -> bytes:
    """Return DG15."""
    return der.tlv(TAG_OF_GROUP[15], public_key_info(key))


def lds_security_object(hashes: Mapping[int, bytes], hash_name: HashName) -> bytes:
    """Return the object that EF.SOD signs."""
    listed = (der.sequence(der.integer(group), der.octets(hashes[group])) for group in sorted(hashes))
    return der.sequence(der.integer(0), hash_identifier(hash_name), der.sequence(*listed))


def security_object(message: bytes) -> bytes:
    """Return EF.SOD."""
    return der.tlv(SOD_TAG, message)
