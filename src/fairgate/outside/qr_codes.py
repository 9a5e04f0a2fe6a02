"""QR codes of receipts: as SVG for a page, as PNG for a phone, as characters for a terminal."""

from __future__ import annotations

import io

import segno

_PNG_SCALE = 6
_QUIET_MODULES = 4
"""Width of the border that a reader needs. Source: ISO/IEC 18004:2015, 6.3.8."""


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG element without a declaration, dark on white, to be put into a page."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, light="#fff", border=_QUIET_MODULES
    )
    return drawn.getvalue().decode("utf-8").strip()


def qr_png(text: str) -> bytes:
    """Return a QR code as a PNG."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=_PNG_SCALE, border=_QUIET_MODULES)
    return drawn.getvalue()


def qr_for_terminal(text: str) -> str:
    """Return a QR code in half blocks, two rows of modules a line, for a terminal that is dark or light."""
    rows = [bytes(row) for row in segno.make(text, error="l", micro=False).matrix_iter(border=_QUIET_MODULES)]
    if len(rows) % 2:
        rows.append(bytes(len(rows[0])))
    # Light modules are drawn, so that the code is dark on light on the usual dark terminal; readers take both.
    blocks = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
    return "\n".join(
        "".join(blocks[upper, lower] for upper, lower in zip(rows[at], rows[at + 1], strict=True))
        for at in range(0, len(rows), 2)
    )
