"""``fairgate bench mrz``: how well zones are read from pictures of data pages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session
from fairgate.errors import InputRefused

if TYPE_CHECKING:
    from collections.abc import Callable

MRZ_EXAMPLES = """Examples:

  fairgate bench mrz

  fairgate bench mrz --pages 200 --seed 7 --json

  fairgate bench mrz --fit mrz_shapes.npz
"""

_READERS = {"shapes_and_tesseract": "shapes, then tesseract", "tesseract_alone": "tesseract alone"}
_FAMILIES = {"ocr_b": "OCR-B", "others": "other fonts"}


def mrz(
    context: typer.Context,
    *,
    pages: Annotated[int, typer.Option(help="Drawn pages in each family of fonts.", min=1)] = 60,
    seed: Annotated[int, typer.Option(help="Of the zones and pages.")] = 1,
    fit: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Make the weights of the shapes anew, and write them.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Read random zones from drawn pages, by shapes and tesseract together and by tesseract alone."""
    doors = context.ensure_object(Session).doors
    if fit is not None:
        _fit(fit, doors.timer, as_json=as_json)
        return
    from functools import partial

    from fairgate.bench.mrz_pages import bench_mrz
    from fairgate.simulate.drawn_pages import OCR_B, OTHERS, installed_fonts, random_zone
    from fairgate.simulate.made_zones import ON

    fonts = {"ocr_b": installed_fonts(OCR_B), "others": installed_fonts(OTHERS)}
    families = {name: partial(random_zone, fonts=found) for name, found in fonts.items() if found}
    with progress_shown(doors.timer, "Reading drawn pages") as (progress,):
        rows = bench_mrz(pages, families, seed=seed, on=ON, timer=doors.timer, progress=progress)
    names = {name: [font.name for font in found] for name, found in fonts.items()}
    figures: Mapping[str, Any] = {"seed": seed, "rows": rows, "fonts": names}
    if as_json:
        print_json(figures)
        return
    shown = [
        (
            _FAMILIES[family],
            _READERS[reader],
            f"{row['exact']} of {row['pages']}",
            f"{100 * row['exact_low']:.1f} to {100 * row['exact_high']:.1f}",
            str(row["proven_and_wrong"]),
            f"{row['characters_right']} of {row['characters']}",
            f"{row['ms_a_page']:.0f}",
        )
        for family, readers in figures["rows"].items()
        for reader, row in readers.items()
    ]
    print_table(
        "Zones from drawn pages",
        ("font", "reader", "exact", "95 % interval, %", "proven, yet wrong", "characters right", "ms a page"),
        shown,
    )
    if not figures["fonts"]["ocr_b"]:
        print_line("No OCR-B is installed here: Debian's package fonts-ocr-b has one.")


def _fit(path: Path, timer: Callable[[], float], *, as_json: bool) -> None:
    from functools import partial

    from fairgate.bench.mrz_fit import fitted, save
    from fairgate.simulate.drawn_pages import OCR_B, installed_fonts, random_page

    fonts = installed_fonts(OCR_B)
    if not fonts:
        raise InputRefused("No OCR-B is installed here.", way_out="Install Debian's fonts-ocr-b.")
    with progress_shown(timer, "Drawing and cutting pages") as (progress,):
        discriminant = fitted(partial(random_page, fonts=fonts), progress)
    save(discriminant, path)
    if as_json:
        print_json(
            {"characters": discriminant.characters, "features": discriminant.weights.shape[1], "file": str(path)}
        )
    else:
        print_line(f"Weights of {len(discriminant.characters)} characters written to {path}.")
