"""Make one passenger's templates anew, each from the very photo that it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fairgate.errors import PackMismatch
from fairgate.services.enrol_reference import ReferencePhoto, Unusable, Usable, read_reference
from fairgate.services.faces import FaceReader
from fairgate.services.ports import Entropy
from fairgate.services.sealed_forms import PROOF_KEY_BYTES, PhotoProof
from fairgate.vocabulary import Features, Photo

MISSING = "reference_missing"
REPLACED = "reference_replaced"
UNPROVEN = "reference_unproven"
_OTHER_PHOTO = Unusable("another_photo")


@dataclass(frozen=True, slots=True)
class Remade:
    """What could be made of one passenger's photos.

    Args:
        made: features and new proof of each template that has a successor, in the old order.
        lost: templates without one.
        reason: why the first of those has none; ``None`` where all have.
        findings: one for each lost template, without names.
    """

    made: tuple[tuple[Features, PhotoProof], ...]
    lost: int
    reason: str | None
    findings: tuple[str, ...]


class RemakeTemplates:
    """Makes templates anew.

    Args:
        faces: decodes and extracts, with the new pack.
        entropy: keys of the new proofs.
    """

    def __init__(self, faces: FaceReader, entropy: Entropy) -> None:
        self._faces = faces
        self._entropy = entropy

    def __call__(
        self,
        passenger_ref: str,
        proofs: Sequence[PhotoProof | None],
        photos: Sequence[ReferencePhoto],
        pack_digest: str,
    ) -> Remade:
        """Look among the photos for the one that each template was made of.

        Args:
            passenger_ref: for the findings.
            proofs: of the old templates, in their order; ``None`` for one sealed without.
            photos: given for this passenger; those that no proof knows are not decoded.
            pack_digest: of the pack asked for.

        Raises:
            PackMismatch: the engine is of another pack.
        """
        made: dict[int, Usable] = {}
        why: dict[int, str] = {}
        another = False
        for photo in photos:
            known: list[int] = []

            def prove(content: Photo, known: list[int] = known) -> PhotoProof | Unusable:
                known.extend(
                    number
                    for number, proof in enumerate(proofs)
                    if number not in made and proof is not None and proof.proves(content)
                )
                return PhotoProof.of(content, self._entropy(PROOF_KEY_BYTES)) if known else _OTHER_PHOTO

            read = read_reference(self._faces, photo, prove)
            another = another or read is _OTHER_PHOTO
            for number in known[:1]:
                if isinstance(read, Usable):
                    made[number] = read
                else:
                    why[number] = read.reason
        if any(one.features.pack_digest != pack_digest for one in made.values()):
            raise PackMismatch("The engine is of another pack than the one that the gallery is to change to.")
        lost = [number for number in range(len(proofs)) if number not in made]
        for number in lost:
            absent = REPLACED if another else MISSING
            why.setdefault(number, UNPROVEN if proofs[number] is None else absent)
        return Remade(
            made=tuple((made[number].features, made[number].proof) for number in sorted(made)),
            lost=len(lost),
            reason=why[lost[0]] if lost else None,
            findings=tuple(_finding(why[number], passenger_ref, number + 1) for number in lost),
        )


def _finding(reason: str, passenger_ref: str, number: int) -> str:
    template = f"template {number} of {passenger_ref}"
    match reason:
        case "reference_missing":
            return f"{MISSING}: the photo of {template} was not given"
        case "reference_replaced":
            return f"{REPLACED}: what was given is not the photo of {template}, and is not used"
        case "reference_unproven":
            return f"{UNPROVEN}: {template} was sealed without a proof of its photo"
        case _:
            return f"reference_unusable: the photo of {template} gives none with the new pack: {reason}"
