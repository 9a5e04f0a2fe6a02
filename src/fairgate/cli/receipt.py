"""``fairgate receipt``: what a traveller was asked and what was kept, on a code that anybody can check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, is_demo, print_json, print_line
from fairgate.cli.session import Session
from fairgate.errors import InputRefused

if TYPE_CHECKING:
    from fairgate.ledger.receipt import Receipt

app = typer.Typer(help="Receipts: what a traveller was asked, under which rule, what was kept, and until when.")

CHECK_EXAMPLES = """Examples:

  fairgate receipt check FGR1AEYO --key receipts.pub

  fairgate receipt check FGR1AEYO --key receipts.pub --language es

  fairgate receipt check FGR1AEYO --json
"""
ISSUE_EXAMPLES = """Examples:

  fairgate receipt issue --flight FG420-2026-11-22-BOS --capture 3f2a

  fairgate receipt issue --flight FG420-2026-11-22-BOS --capture 3f2a --out receipt.html
"""
DRAW_EXAMPLES = """Examples:

  fairgate receipt draw FGR1AEYO --key receipts.pub --out receipt.html

  fairgate receipt draw FGR1AEYO --out receipt.png
"""
KEY_EXAMPLES = """Examples:

  fairgate receipt key --out receipts.pub

  fairgate receipt key --json
"""
KeyOption = Annotated[
    Path | None,
    typer.Option(
        "--key", metavar="FILE", help="Public key of whoever issued it. Unset: this data folder's.", show_default=False
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="Draw it: .html for a page, .png or .svg for a QR code.", show_default=False
    ),
]
Code = Annotated[str, typer.Argument(metavar="CODE", help="As printed, or as the QR code says.")]


@app.command("check", epilog=CHECK_EXAMPLES)
def check(
    context: typer.Context,
    code: Code,
    *,
    key: KeyOption = None,
    language: Annotated[str, typer.Option(metavar="LANGUAGE", help="en or es.")] = "en",
    as_json: Json = False,
) -> None:
    """Check a receipt and say what it says. With --key no data folder and no network is needed."""
    from fairgate.services.check_receipt import check_receipt

    receipt = check_receipt(code, public_key_of(context, key))
    if as_json:
        print_json({"genuine": True, **as_object(receipt)})
    else:
        say(receipt, language)


@app.command("issue", epilog=ISSUE_EXAMPLES)
def issue(
    context: typer.Context,
    *,
    flight: Annotated[str, typer.Option(metavar="KEY", help="The flight.")],
    capture: Annotated[str, typer.Option(metavar="KEY", help="The capture, as `fairgate board --json` names it.")],
    out: OutOption = None,
    as_json: Json = False,
) -> None:
    """Issue the receipt of a crossing to the traveller who asks for it."""
    with context.ensure_object(Session).house() as house:
        issued = house.opting_out.issue_receipt(flight, capture)
        public_key = house.opting_out.receipt_public_key
    hand_over(issued.code, public_key, out, as_json=as_json)


@app.command("draw", epilog=DRAW_EXAMPLES)
def draw(
    context: typer.Context, code: Code, *, key: KeyOption = None, out: OutOption = None, as_json: Json = False
) -> None:
    """Draw a receipt: its QR code on the terminal, or a page to print. One that is not genuine is not drawn."""
    hand_over(code, public_key_of(context, key), out, as_json=as_json, with_qr=True)


@app.command("key", epilog=KEY_EXAMPLES)
def key(
    context: typer.Context,
    *,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it to this file.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """Print the public key of receipts, to be published: whoever has it can check a receipt without this service."""
    with context.ensure_object(Session).house() as house:
        public_key = house.opting_out.receipt_public_key
    if out is not None:
        out.write_text(f"{public_key}\n", encoding="ascii")
    if as_json:
        print_json({"public_key": public_key, "file": str(out) if out else None})
    else:
        print_line(f"The public key is in {out}." if out else public_key)


def public_key_of(context: typer.Context, key: Path | None) -> str:
    """Return the public key in a file, or this data folder's.

    Raises:
        InputRefused: the file cannot be read.
    """
    if key is None:
        with context.ensure_object(Session).house() as house:
            return house.opting_out.receipt_public_key
    from fairgate.outside.plain_files import Unread, read_plain_file

    content = read_plain_file(key, 4096)
    if isinstance(content, Unread):
        raise InputRefused(f"The public key {key} cannot be read.", way_out="Check the path.")
    return content.decode("utf-8", errors="replace")


def hand_over(code: str, public_key: str, out: Path | None, *, as_json: bool, with_qr: bool = False) -> None:
    """Print a receipt's code with what it says, and draw it where asked to.

    Raises:
        InputRefused: nothing can be drawn to such a file.
        ReceiptRefused: the receipt is not genuine.
    """
    from fairgate.services.check_receipt import check_receipt

    receipt = check_receipt(code, public_key)
    if out is not None:
        draw_to(receipt, code, public_key, out)
    if as_json:
        print_json({"code": code, "file": str(out) if out else None, **as_object(receipt)})
        return
    print_line(f"Receipt: {code}")
    say(receipt, "en")
    if out is not None:
        print_line(f"Drawn in {out}.")
    elif with_qr:
        from fairgate.outside.qr_codes import qr_for_terminal

        print_line(qr_for_terminal("".join(code.split())))


def as_object(receipt: Receipt) -> dict[str, object]:
    """Return what a script is told of a receipt."""
    from fairgate.services.records import as_utc_text

    return {
        "receipt_id": receipt.receipt_id,
        "at": as_utc_text(receipt.at),
        "moment": receipt.moment.value,
        "modality": receipt.modality.value,
        "choice": receipt.choice.value,
        "rule_id": receipt.rule_id or None,
        "rulebook_prefix": receipt.rulebook_prefix,
        "kept": [{"record_class": one.of.value, "until": as_utc_text(one.until)} for one in receipt.kept],
    }


def say(receipt: Receipt, language: str) -> None:
    """Print a receipt in words."""
    from fairgate.services.check_receipt import in_words

    words = in_words(receipt, language)
    spanish = words.language == "es"
    print_line(f"{receipt.at:%Y-%m-%d %H:00} UTC · {receipt.receipt_id}")
    print_line(words.happened)
    print_line(words.choice)
    rule = receipt.rule_id or ("ninguna" if spanish else "none")
    named = ("Regla", "reglamento") if spanish else ("Rule", "rulebook")
    print_line(f"{named[0]}: {rule}, {named[1]} {receipt.rulebook_prefix}…")
    if words.nothing_biometric:
        print_line(words.nothing_biometric)
    for what, until in words.kept:
        print_line(f"- {what}: {'hasta' if spanish else 'until'} {until:%Y-%m-%d %H:00} UTC")


def draw_to(receipt: Receipt, code: str, public_key: str, out: Path) -> None:
    """Draw a receipt to a file, as its suffix says.

    Raises:
        InputRefused: it is none of these suffixes, or the file cannot be written.
    """
    from fairgate.outside.private_folder import write_whole
    from fairgate.outside.qr_codes import qr_png, qr_svg

    letters = "".join(code.split())
    match out.suffix.lower():
        case ".html":
            from fairgate.web.receipt_page import render_receipt_page

            content = render_receipt_page(receipt, letters, public_key, demo_mode=is_demo()).encode("utf-8")
        case ".png":
            content = qr_png(letters)
        case ".svg":
            content = f"{qr_svg(letters)}\n".encode()
        case _:
            raise InputRefused("A receipt is drawn to .html, .png or .svg.", way_out="Name such a file with --out.")
    try:
        write_whole(out, content)
    except OSError as error:
        raise InputRefused(f"{out} cannot be written: {error.strerror}.") from error
