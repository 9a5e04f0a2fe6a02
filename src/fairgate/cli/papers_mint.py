"""``fairgate papers mint``: a synthetic passport, good or broken in one known way."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from fairgate.cli.output import Json, print_json, print_line
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from fairgate.papers.mint.passport import MintOrder
    from fairgate.services.mint_papers import MintReport

EXAMPLES = """Examples:

  fairgate papers mint me.jpg --out erika

  fairgate papers mint me.jpg --out erika --algorithm ecdsa-brainpoolp256r1-explicit --face-format iso_39794_5

  fairgate papers mint me.jpg --out forged --break csca-same-name --json
"""

_Choice = TypeVar("_Choice")
LARGEST_PHOTO_BYTES = 8 * 1024 * 1024
SMALLEST_RSA_BITS, LARGEST_RSA_BITS = 2048, 8192


class FaceFormatName(StrEnum):
    """Formats of DG2, as the command line spells them."""

    ISO_19794_5 = "iso_19794_5"
    ISO_39794_5 = "iso_39794_5"


def mint(
    context: typer.Context,
    photo: Annotated[Path, typer.Argument(metavar="PHOTO", help="The holder: JPEG or JPEG 2000.")],
    *,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="A new folder for the files.")],
    mrz: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE",
            help="Zone of TD1, TD2 or TD3 with issuing state UTO. Unset: ICAO's specimen, valid.",
            show_default=False,
        ),
    ] = None,
    algorithm: Annotated[
        str, typer.Option(metavar="NAME", help="Signs everything, e.g. rsa-pss-sha256, ecdsa-p384.")
    ] = "ecdsa-brainpoolp256r1",
    face_format: Annotated[
        FaceFormatName, typer.Option(metavar="FORMAT", help="Of DG2: iso_19794_5 or iso_39794_5.")
    ] = FaceFormatName.ISO_19794_5,
    broken: Annotated[
        str | None,
        typer.Option(
            "--break", metavar="KIND", help="One known way to be wrong, e.g. dg1-changed.", show_default=False
        ),
    ] = None,
    rsa_bits: Annotated[
        int, typer.Option(metavar="N", min=SMALLEST_RSA_BITS, max=LARGEST_RSA_BITS, help="Size of RSA keys.")
    ] = 3072,
    as_json: Json = False,
) -> None:
    """Mint a synthetic passport of the imaginary state UTO, with its authority's lists and recorded exchanges.

    For tests and demonstrations: a production rulebook refuses to trust it. The keys are forgotten.
    """
    from fairgate.outside.minted_folder import read_portrait
    from fairgate.papers.chip.face_image import FaceFormat
    from fairgate.papers.mint.breaks import BreakKind
    from fairgate.papers.mint.keys import ALGORITHMS
    from fairgate.papers.mint.passport import MintOrder
    from fairgate.papers.mint.specimen import specimen_zone

    now = context.ensure_object(Session).doors.now()
    order = MintOrder(
        mrz if mrz is not None else specimen_zone(now.date()),
        read_portrait(photo, LARGEST_PHOTO_BYTES),
        _known(algorithm, ALGORITHMS, "--algorithm"),
        now,
        FaceFormat(face_format.value),
        broken=_known(broken, {kind.value: kind for kind in BreakKind}, "--break") if broken is not None else None,
    )
    report = _mint(order, out, rsa_bits)
    if as_json:
        broken_as = report.broken.value if report.broken is not None else None
        named_by = report.named_by or None
        told = {"folder": str(out), "files": list(report.files), "broken": broken_as, "named_by": named_by}
        print_json({**told, "challenge": report.challenge.hex()})
        return
    print_line(f"{out}: {len(report.files)} files")
    if report.broken is not None:
        print_line(f"  broken: {report.broken}; reading it must say {report.named_by}")
        if report.broken is BreakKind.EXCHANGE_REPLAYED:
            print_line(f"  the reader's challenge: {report.challenge.hex()}")


def _mint(order: MintOrder, out: Path, rsa_bits: int) -> MintReport:
    from fairgate.outside.minted_folder import MintedFolder
    from fairgate.services.mint_papers import DrawnKeys, mint_papers

    return mint_papers(order, MintedFolder(out), os.urandom, DrawnKeys(rsa_bits))


def _known(named: str, known: Mapping[str, _Choice], option: str) -> _Choice:
    """Return what an option names.

    Raises:
        typer.BadParameter: it names nothing that is known.
    """
    found = known.get(named)
    if found is None:
        raise typer.BadParameter(f"one of {', '.join(known)}.", param_hint=option)
    return found
