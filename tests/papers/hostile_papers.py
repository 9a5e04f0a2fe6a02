"""Papers that are wrong in ways that minting does not offer: signed anew by the authority's own keys, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from test_minted_papers import AT, JPEG, TD3, counted, trust_of

from fairgate.papers.chip import passive_authentication, read_chip
from fairgate.papers.chip.verdicts import PassiveAuthentication
from fairgate.papers.der import values
from fairgate.papers.der import writing as der
from fairgate.papers.der.findings import ChipFindings
from fairgate.papers.der.names import Name, write_name
from fairgate.papers.der.tlv import Element, only_element
from fairgate.papers.mint import groups as write
from fairgate.papers.mint.authority import CSCA_NAME
from fairgate.papers.mint.encoding import signature_identifier
from fairgate.papers.mint.keys import ALGORITHMS, KeyRole
from fairgate.papers.mint.messages import MessageForm, signed_message
from fairgate.papers.mint.passport import MintedPassport, MintOrder, mint_passport
from fairgate.papers.pki.revocation import read_revocation_list
from fairgate.papers.trust.store import TrustStore
from fairgate.services.mint_papers import DrawnKeys

KEYS = DrawnKeys(2048)
P256 = ALGORITHMS["ecdsa-p256"]
CSCA = KEYS.of(KeyRole.CSCA, "P-256")


@cache
def minted() -> MintedPassport:
    """A good passport."""
    return mint_passport(MintOrder(TD3, JPEG, P256, AT), KEYS, counted())


def parts(encoded: bytes) -> list[Element]:
    """The elements within one."""
    return list(only_element(encoded, ChipFindings("part")).children())


def signed_anew(signed: bytes) -> bytes:
    """Certificate or revocation list of these octets, with the CSCA's signature."""
    identifier = signature_identifier(P256.signature)
    return der.sequence(signed, identifier, der.bits(CSCA.sign(signed, P256.signature)))


def extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    """An extension of a certificate, a list, or an entry."""
    flag = (der.boolean(True),) if critical else ()
    return der.sequence(der.object_identifier(oid), *flag, der.octets(value))


def signer_with(*extensions: bytes, issuer: Name | None = None) -> bytes:
    """The good passport's document signer with further extensions."""
    signed = parts(parts(minted().authority.signer)[0].encoded)
    fields = [element.encoded for element in signed[:-1]]
    if issuer is not None:
        fields[3] = write_name(issuer)
    kept = [one.encoded for one in values.Cursor(signed[-1]).take(values.SEQUENCE).children()]
    return signed_anew(der.sequence(*fields, der.tagged(3, der.sequence(*kept, *extensions))))


def files_with(signer: bytes) -> dict[str, bytes]:
    """The good passport's files with another certificate of its signer."""
    content = read_chip(minted().files).security_object
    assert content is not None
    authority = minted().authority
    form = MessageForm(
        "2.23.136.1.1.1",
        content.message.content,
        (signer,),
        CSCA_NAME,
        authority.signer_serial,
        authority.signed_at,
    )
    return {**minted().files, "EF.SOD": write.security_object(signed_message(form, authority.signer_key, P256))}


def revocation_list(extensions: Iterable[bytes] = (), entries: Iterable[bytes] = ()) -> bytes:
    """A list of the authority, of yesterday and due in three months."""
    plain = parts(parts(minted().authority.revocation_list)[0].encoded)
    fields = [element.encoded for element in plain[:5]]
    told, more = list(entries), list(extensions)
    fields += [der.sequence(*told)] if told else []
    fields += [der.tagged(0, der.sequence(*more))] if more else []
    return signed_anew(der.sequence(*fields))


def trust_with(*lists: bytes) -> TrustStore:
    """The authority's trust with other revocation lists."""
    trust = trust_of(minted())
    read = tuple(read_revocation_list(one) for one in lists)
    return TrustStore(trust.anchors, trust.signers, {read[0].issuer: read} if read else {})


def judged(files: Mapping[str, bytes], trust: TrustStore | None = None) -> PassiveAuthentication:
    """Passive authentication of files."""
    return passive_authentication(read_chip(files), trust or trust_of(minted()), at=AT)
