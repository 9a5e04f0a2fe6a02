"""``fairgate detect``: what the pack in use sees in photos."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line, print_note
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session
from fairgate.errors import InputRefused

if TYPE_CHECKING:
    from fairgate.face.inspection import Inspection, Seen
    from fairgate.services.detect_faces import LookedAt, NotLookedAt

EXAMPLES = """Examples:

  fairgate detect me.jpg

  fairgate detect trial/a.jpg trial/b.jpg --out looked-at

  fairgate detect me.jpg --pack dlib-cc0 --smallest-face-px 40 --json
"""

SMALLEST_FACE_PX, LARGEST_FACE_PX = 20, 2000


def detect(
    context: typer.Context,
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE", help="Photos: JPEG, PNG or JPEG 2000.")],
    *,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where the copies go. Unset: beside each photo.", show_default=False),
    ] = None,
    smallest_face_px: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=SMALLEST_FACE_PX,
            max=LARGEST_FACE_PX,
            help="Width of the smallest face looked for. Unset: as at a gate (smallest_probe_face_px).",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Find faces in photos, and draw boxes, landmarks and quality on a copy of each (NAME.detected.png).

    For trying a camera or a pack with photos whose subjects agreed; not for travellers' captures, which belong in the
    vault. Nobody is compared with anybody, and nothing is recorded. With --json: one line a photo, then a summary.
    """
    session = context.ensure_object(Session)
    settings = session.settings
    if smallest_face_px is not None:
        settings = settings.model_copy(update={"smallest_probe_face_px": smallest_face_px})

    def tell(looked: LookedAt | NotLookedAt) -> None:
        if as_json:
            print_json(as_object(looked))
        else:
            _say(looked)

    with progress_shown(session.doors.timer, "Looking at photos") as (progress,):
        failed = session.doors.detect(settings, images, out, tell, progress)
    if as_json:
        print_json({"summary": {"images": len(images), "failed": failed}})
    if failed:
        raise typer.Exit(InputRefused.exit_code)


def as_object(looked: LookedAt | NotLookedAt) -> Mapping[str, object]:
    """Return what is told of one photo to a script."""
    from fairgate.services.detect_faces import NotLookedAt

    if isinstance(looked, NotLookedAt):
        why = looked.why
        told = {"code": why.code, "text": why.public_text, "way_out": why.way_out}
        reason = getattr(why, "reason", None)
        return {"file": looked.name, "error": told if reason is None else {**told, "reason": reason}}
    from fairgate.face.quality.feedback import TEXTS

    found = looked.found
    return {
        "file": looked.name,
        "width_px": found.width_px,
        "height_px": found.height_px,
        "faces": [_face(seen) for seen in found.seen],
        "landmark_scheme": found.scheme.value,
        "subject": found.subject,
        "feedback": [{"code": advice.value, "text": TEXTS[advice]} for advice in found.feedback],
        "copy": looked.copy,
    }


def _face(seen: Seen) -> Mapping[str, object]:
    return {
        "box": [round(side, 2) for side in seen.face.box],
        "landmarks": [[round(x, 2), round(y, 2)] for x, y in seen.landmarks],
        "score": round(seen.face.score, 4),
        "quality": {
            "unified": seen.quality.unified,
            "failed": list(seen.quality.failed),
            "components": {
                name: {"native": round(one.native, 4), "unit": one.unit, "mapped": one.mapped}
                for name, one in seen.quality.components.items()
            },
        },
    }


def _say(looked: LookedAt | NotLookedAt) -> None:
    from fairgate.services.detect_faces import NotLookedAt

    if isinstance(looked, NotLookedAt):
        print_note(f"{looked.name}: error [{looked.why.code}]: {looked.why}")
        return
    print_line(f"{looked.name}: {_in_words(looked.found)}")
    print_line(f"  copy: {looked.copy}")


def _in_words(found: Inspection) -> str:
    from fairgate.face.quality.feedback import TEXTS

    if not found.seen:
        said = "no face"
    elif found.subject is None:
        said = f"{len(found.seen)} faces, and several could be the subject"
    else:
        quality = found.seen[found.subject].quality
        others = len(found.seen) - 1
        said = f"subject's quality {quality.unified} of 100" + (f", {others} other faces" if others else "")
        if quality.failed:
            said += f", fails {', '.join(quality.failed)}"
    return ". ".join([said, *(TEXTS[advice].rstrip(".") for advice in found.feedback)])
