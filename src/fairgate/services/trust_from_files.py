"""From files of certificates and lists to the trust store that chips are verified against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fairgate.errors import PapersError, TrustRefused
from fairgate.papers.pki.certificate import Certificate, read_certificate
from fairgate.papers.pki.revocation import RevocationList, read_revocation_list
from fairgate.papers.recognise import PaperKind, recognise
from fairgate.papers.trust.anchors import SetAside, SetAsideReason, TrustAnchor, account_for
from fairgate.papers.trust.countries import is_imaginary
from fairgate.papers.trust.directory import read_directory
from fairgate.papers.trust.master_list import ListTrust, MasterList, read_master_list
from fairgate.papers.trust.pem import is_pem, pem_blocks
from fairgate.papers.trust.store import TrustStore, trust_store


class TrustFileKind(StrEnum):
    """What a file of trust may be."""

    MASTER_LIST = "master_list"
    DIRECTORY = "directory"
    CERTIFICATE = "certificate"
    REVOCATION_LIST = "revocation_list"


@dataclass(frozen=True, slots=True)
class TrustFile:
    """What one file gave.

    Args:
        name: of the file.
        kind: what it is.
        anchors: CSCA certificates that can be used.
        set_aside: those that cannot.
        lists: what the signatures of the master lists in it are worth, in order; refused ones gave nothing.
    """

    name: str
    kind: TrustFileKind
    anchors: int = 0
    set_aside: tuple[SetAside, ...] = ()
    lists: tuple[ListTrust, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedTrust:
    """A trust store and where it comes from.

    Args:
        store: whom to believe.
        files: each file with what it gave.
    """

    store: TrustStore
    files: tuple[TrustFile, ...]


def without_imaginary_state(trust: TrustStore) -> TrustStore:
    """Return a store without the anchors of an imaginary state, which a rulebook in production does not believe."""
    if not trust.imaginary:
        return trust
    return trust_store(
        (one for country, anchors in trust.anchors.items() if not is_imaginary(country) for one in anchors),
        signers=trust.signers.values(),
        revocation_lists=(one for lists in trust.revocation_lists.values() for one in lists),
    )


def trust_from_files(files: Mapping[str, bytes]) -> LoadedTrust:
    """Return the trust store that files make together.

    A CSCA certificate that stands in a file of its own is one that the operator named: it pins the master lists whose
    signer chains to it, and a list that claims to be of its country and does not chain to it is refused. Lists of other
    countries are believed because the operator put them there.

    Args:
        files: name → content: master lists, PKD exports in LDIF, certificates and revocation lists in DER or PEM.

    Raises:
        TrustRefused: a file is none of these, cannot be read, or is a master list whose signature is worth nothing; or
            no certificate of a CSCA can be used.
    """
    loading = _Loading()
    parts = [(name, one) for name, content in files.items() for one in _parts(name, content)]
    for name, content in parts:
        kind = recognise(content)
        if kind is PaperKind.DEVIATION_LIST:
            raise TrustRefused(
                f"{name} is a list of deviations, which is not used.", way_out="Take it out of the trust folder."
            )
        if kind not in {PaperKind.MASTER_LIST, PaperKind.DIRECTORY}:
            loading.take_single(name, content)
    for name, content in parts:
        kind = recognise(content)
        if kind is PaperKind.MASTER_LIST:
            loading.take_list(name, content)
        elif kind is PaperKind.DIRECTORY:
            loading.take_directory(name, content)
    if not loading.anchors:
        raise TrustRefused(
            "No certificate of a country signing authority can be used.",
            way_out="Set trust_dir to a folder with a master list, or name files with --trust.",
        )
    store = trust_store(loading.anchors, signers=loading.signers, revocation_lists=loading.revocation_lists)
    return LoadedTrust(store, tuple(loading.files))


@dataclass(slots=True)
class _Loading:
    """What has been gathered so far."""

    anchors: list[TrustAnchor] = field(default_factory=list)
    signers: list[Certificate] = field(default_factory=list)
    revocation_lists: list[RevocationList] = field(default_factory=list)
    files: list[TrustFile] = field(default_factory=list)
    pinned: set[str] = field(default_factory=set)
    pinned_countries: set[str] = field(default_factory=set)

    def take_single(self, name: str, content: bytes) -> None:
        """Take a file that is one certificate or one revocation list."""
        try:
            self.revocation_lists.append(read_revocation_list(content, where=name))
        except PapersError:
            self._take_certificate(name, content)
        else:
            self.files.append(TrustFile(name, TrustFileKind.REVOCATION_LIST))

    def _take_certificate(self, name: str, content: bytes) -> None:
        accounting = account_for([content], where=name)
        for one in accounting.set_aside:
            if one.reason is SetAsideReason.MALFORMED:
                raise TrustRefused(
                    f"{name} is no master list, PKD export, certificate or revocation list.",
                    way_out="Take it out of the trust folder, or name another file.",
                )
            if one.reason is SetAsideReason.NOT_A_CA:
                self.signers.append(read_certificate(content, where=name))
        self.anchors.extend(accounting.anchors)
        self.pinned.update(anchor.certificate.sha256 for anchor in accounting.anchors)
        self.pinned_countries.update(anchor.country for anchor in accounting.anchors)
        self.files.append(TrustFile(name, TrustFileKind.CERTIFICATE, len(accounting.anchors), accounting.set_aside))

    def take_list(self, name: str, content: bytes) -> None:
        """Take a master list, if its signature is worth something."""
        try:
            found = read_master_list(content, pinned=self.pinned, where=name)
        except PapersError as error:
            raise TrustRefused(f"The master list {name} cannot be read: {error.public_text}") from error
        if found.trust.refused:
            raise TrustRefused(
                f"The master list {name} is not believed: {found.trust.value}.",
                way_out="Fetch it again from whoever publishes it.",
            )
        if self._contradicts(found):
            raise TrustRefused(
                f"The master list {name} is of a country whose certificate is named, and does not chain to it.",
                way_out="Fetch it again, or name the certificate that the country signs its list with today.",
            )
        self.anchors.extend(found.accounting.anchors)
        accounting = found.accounting
        kind = TrustFileKind.MASTER_LIST
        self.files.append(TrustFile(name, kind, len(accounting.anchors), accounting.set_aside, (found.trust,)))

    def _contradicts(self, found: MasterList) -> bool:
        """Tell whether a list that only vouches for itself is of a country of which the operator named a CSCA."""
        if found.trust is not ListTrust.CONSISTENT or found.signer is None:
            return False
        return not self.pinned_countries.isdisjoint({found.signer.issuer.country, found.signer.subject.country})

    def take_directory(self, name: str, content: bytes) -> None:
        """Take an export of the PKD; what cannot be read in it is left out, since many states wrote it."""
        try:
            export = read_directory(content, where=name)
        except PapersError as error:
            raise TrustRefused(f"The PKD export {name} cannot be read: {error.public_text}") from error
        for signer in export.signers:
            try:
                self.signers.append(read_certificate(signer, where=name))
            except PapersError:
                continue
        for listed in export.revocation_lists:
            try:
                self.revocation_lists.append(read_revocation_list(listed, where=name))
            except PapersError:
                continue
        anchors: list[TrustAnchor] = []
        aside: list[SetAside] = []
        worth: list[ListTrust] = []
        for encoded in export.master_lists:
            try:
                found = read_master_list(encoded, pinned=self.pinned, where=name)
            except PapersError:
                continue
            worth.append(found.trust)
            if not found.trust.refused and not self._contradicts(found):
                anchors.extend(found.accounting.anchors)
                aside.extend(found.accounting.set_aside)
        self.anchors.extend(anchors)
        self.files.append(TrustFile(name, TrustFileKind.DIRECTORY, len(anchors), tuple(aside), tuple(worth)))


def _parts(name: str, content: bytes) -> Iterator[bytes]:
    """Yield a file's content, or what its PEM blocks hold.

    Raises:
        TrustRefused: it is PEM that cannot be read.
    """
    if not is_pem(content):
        yield content
        return
    try:
        blocks = pem_blocks(content)
    except PapersError as error:
        raise TrustRefused(f"{name} cannot be read: {error.public_text}") from error
    for _, block in blocks:
        yield block
