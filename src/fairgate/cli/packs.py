"""``fairgate packs``: which packs there are, whether their files are what they say, and new thresholds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session
from fairgate.errors import PackConflict, PackRefused

if TYPE_CHECKING:
    from fairgate.face.pack import Pack
    from fairgate.outside.pack_files import Finding

app = typer.Typer(help="Packs: the models that find and compare faces, and the thresholds measured for them.")

LIST_EXAMPLES = """Examples:

  fairgate packs list

  fairgate packs list --json
"""
VERIFY_EXAMPLES = """Examples:

  fairgate packs verify

  fairgate packs verify dlib-cc0 --json
"""
ADD_EXAMPLES = """Examples:

  fairgate packs add omz-0095 --models ../shared/data/models

  fairgate packs add my-pack.toml --models models/ --json
"""
REMOVE_EXAMPLES = """Examples:

  fairgate packs remove omz-0095

  fairgate packs remove omz-0095 --even-if-used --json
"""
CALIBRATE_EXAMPLES = """Examples:

  fairgate packs calibrate ../shared/data/portraits > calibration.toml

  fairgate --pack dlib-cc0 packs calibrate ../shared/data/portraits --json
"""


@app.command("list", epilog=LIST_EXAMPLES)
def list_packs(context: typer.Context, as_json: Json = False) -> None:
    """Name the packs installed, their licences and their calibration records. With --json: one line for each pack."""
    session = context.ensure_object(Session)
    in_use = session.settings.pack
    rows: list[tuple[object, ...]] = []
    for name in session.doors.pack_names(session.settings.packs_dir):
        try:
            pack = session.doors.open_pack(name, session.settings.packs_dir).pack
        except PackRefused as refused:
            rows.append((name, False, "", "", f"cannot be used: {refused}"))
            if as_json:
                print_json({"pack": name, "in_use": name == in_use, "problem": str(refused)})
            continue
        rows.append((name, name == in_use, ", ".join(_licences(pack)), len(pack.calibration), pack.title))
        if as_json:
            print_json(_as_json(pack, in_use=name == in_use))
    if not as_json:
        shown = [(name, "yes" if used else "", *rest) for name, used, *rest in rows]
        print_table("", ("pack", "in use", "licences", "calibration records", "title"), shown)
        more = [name for name in session.doors.recipe_names() if name not in {row[0] for row in rows}]
        if more:
            print_line(f"Can be added with `fairgate packs add NAME`: {', '.join(more)}.")


@app.command("verify", epilog=VERIFY_EXAMPLES)
def verify_packs(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Packs to look at. Unset: all of them.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check every model file against its digest; exit 1 if one is missing or another. Nothing is changed.

    With --json: one line for each thing looked at, then a summary.
    """
    session = context.ensure_object(Session)
    chosen = names or session.doors.pack_names(session.settings.packs_dir)
    if names:
        for name in names:
            session.doors.open_pack(
                name, session.settings.packs_dir
            )  # a name that nobody knows is refused, not a failed check
    findings = [finding for name in chosen for finding in _findings(session, name)]
    failed = sum(not finding["ok"] for finding in findings)
    if as_json:
        for finding in findings:
            print_json(finding)
        print_json({"ok": not failed, "packs": len(chosen), "failed": failed})
    else:
        rows = [(one["pack"], one["subject"], "ok" if one["ok"] else "WRONG", one["text"]) for one in findings]
        print_table("", ("pack", "subject", "state", "text"), rows)
    if failed:
        raise typer.Exit(1)


@app.command("add", epilog=ADD_EXAMPLES)
def add(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(metavar="PACK", help="Name of a pack that Fairgate knows how to add, or a pack's TOML file."),
    ],
    models: Annotated[
        Path | None,
        typer.Option("--models", metavar="FOLDER", help="Folder with the model files. Unset: they are downloaded."),
    ] = None,
    download: Annotated[
        bool, typer.Option("--download", help="Download what is not in that folder, where the catalogue knows it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Add a pack once every model file was checked and run; what is there already is left, or mended."""
    session = context.ensure_object(Session)
    with progress_shown(session.doors.timer, "Downloading, bytes") as (progress,):
        added = session.doors.add_pack(session.settings, what, models, download, progress)
    pack = added.installed.pack
    if as_json:
        told = {"state": str(added.state), "folder": str(added.installed.folder), "files": list(added.files)}
        print_json(_as_json(pack, in_use=pack.id == session.settings.pack) | told)
        return
    print_line(f"{pack.id}: {added.state}, in {added.installed.folder}.")
    if not pack.calibration:
        print_line("It has no calibration record yet and will not be operated: `fairgate packs calibrate`.")


@app.command("remove", epilog=REMOVE_EXAMPLES)
def remove(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Pack that was added.")],
    even_if_used: Annotated[
        bool, typer.Option("--even-if-used", help="Also where flights are staged with it, or it cannot be read.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Remove a pack that was added, with its models; refused while a flight is staged with it."""
    session = context.ensure_object(Session)
    if not even_if_used:
        digest = session.doors.open_pack(name, session.settings.packs_dir).pack.digest
        flights = session.doors.flights_staged_with(session.settings, digest)
        if flights:
            raise PackConflict(
                f"{len(flights)} staged flights have a gallery made with {name}, {flights[-1]} among them.",
                way_out="Their captures could not be compared any more. --even-if-used removes it nevertheless.",
            )
    folder = session.doors.remove_pack(name, session.settings.packs_dir)
    in_use = name == session.settings.pack
    if as_json:
        print_json({"pack": name, "removed": str(folder), "in_use": in_use})
        return
    print_line(f"{name} is removed from {folder}.")
    if in_use:
        print_line("The settings still name it: set pack to another.")


@app.command("calibrate", epilog=CALIBRATE_EXAMPLES)
def calibrate(
    context: typer.Context,
    portraits: Annotated[
        Path, typer.Argument(metavar="PORTRAITS", help="Folder with two years of portraits and pairs.csv.")
    ],
    as_json: Json = False,
) -> None:
    """Measure thresholds for the pack in use on portraits, and print its calibration records as TOML."""
    session = context.ensure_object(Session)
    with progress_shown(session.doors.timer, "Measuring") as (progress,):
        records = session.doors.calibrate(session.settings, portraits, progress)
    if as_json:
        print_json({"pack": session.settings.pack, "toml": records})
    else:
        print_line(records.rstrip("\n"))


def _findings(session: Session, name: str) -> list[dict[str, object]]:
    try:
        found = session.doors.verify_pack(
            session.doors.open_pack(name, session.settings.packs_dir), session.settings.cache_dir
        )
    except PackRefused as refused:
        return [{"pack": name, "subject": "pack", "ok": False, "text": str(refused), "code": refused.code}]
    return [_finding(finding) for finding in found]


def _finding(found: Finding) -> dict[str, object]:
    return {
        "pack": found.pack_id,
        "subject": found.subject,
        "ok": found.ok,
        "text": found.text,
        "code": found.code or None,
    }


def _licences(pack: Pack) -> list[str]:
    return sorted({model.licence for model in pack.models().values()})


def _as_json(pack: Pack, *, in_use: bool) -> dict[str, object]:
    return {
        "pack": pack.id,
        "in_use": in_use,
        "title": pack.title,
        "digest": pack.digest,
        "models": [
            {"stage": stage, "file": model.file, "sha256": model.sha256, "licence": model.licence}
            for stage, model in pack.models().items()
        ],
        "calibration": [
            {
                "id": record.id,
                "kind": record.kind,
                "target": record.target,
                "gallery_size": record.gallery_size,
                "resolvable": record.resolvable,
                "made_on": record.made_on.isoformat(),
            }
            for record in pack.calibration
        ],
    }
