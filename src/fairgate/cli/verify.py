"""``fairgate verify``: a live photo and a reference, or a passport's chip and its holder; one answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session
from fairgate.vocabulary import Direction

if TYPE_CHECKING:
    from fairgate.services.record_without_list import LanePlace
    from fairgate.services.verify_chip import ChipVerified
    from fairgate.vocabulary import Outcome

EXAMPLES = """Examples:

  fairgate verify live.jpg passport.jpg

  fairgate verify live/ passport.jpg --json

  fairgate verify --chip chip/ --live live.jpg

  fairgate verify --chip chip/ --live live/ --trust DE_ML.ml --trust revoked.crl --mrz zone.txt --json

  fairgate verify --chip chip/ --live live.jpg --challenge 8f3a52c1907be46d --require-revocation
"""

TEST_PAPERS = "TEST PAPERS BELIEVED: nobody may cross on this answer."


def verify(
    context: typer.Context,
    probe: Annotated[
        Path | None, typer.Argument(metavar="[PROBE]", help="The live photo, or a folder of frames.")
    ] = None,
    reference: Annotated[
        Path | None, typer.Argument(metavar="[REFERENCE]", help="The photo it is compared with.")
    ] = None,
    *,
    chip: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Files of a passport's chip, in place of two photos.", show_default=False),
    ] = None,
    live: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="With --chip: the live photo, or a folder of frames.", show_default=False),
    ] = None,
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="With --chip: whom to believe; may be repeated. Unset: the setting trust_dir.",
            show_default=False,
        ),
    ] = None,
    mrz: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE", help="With --chip: the printed zone, or a file that holds it.", show_default=False
        ),
    ] = None,
    direction: Annotated[
        Direction | None, typer.Option(help="With --chip: which way. Unset: entry.", show_default=False)
    ] = None,
    opted_out: Annotated[
        bool, typer.Option("--opted-out", metavar="", help="The traveller declines the comparison; no photo is read.")
    ] = False,
    test_papers: Annotated[
        bool,
        typer.Option("--test-papers", metavar="", help="With --chip: believe minted passports. Never at a real lane."),
    ] = False,
    exchange: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="With --chip: recorded exchanges. Unset: exchanges.json in the chip's folder.",
            show_default=False,
        ),
    ] = None,
    challenge: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HEX",
            help="With --chip: what the reader sent, challenge or ephemeral public key; may be repeated.",
            show_default=False,
        ),
    ] = None,
    require_revocation: Annotated[
        bool,
        typer.Option(
            "--require-revocation", metavar="", help="With --chip: no match without a current revocation list."
        ),
    ] = False,
    lane: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name of the lane. Unset: the setting lane.", show_default=False)
    ] = None,
    capture: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Key by which it can be declined meanwhile.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare two photos 1:1, or a passport's chip with its holder, and answer match or see officer, never a score.

    With --chip the passport is authenticated first; only then is its portrait compared with the live photo. Either act
    enters the ledger; no photo and nothing of the chip is kept.
    """
    switched = test_papers or require_revocation
    with_chip = (live, trust or None, mrz, direction, exchange, challenge or None, switched or None)
    if chip is None:
        if probe is None or reference is None or any(given is not None for given in with_chip):
            raise typer.BadParameter("name PROBE and REFERENCE, or --chip and --live.")
        from fairgate.services.record_without_list import LanePlace

        place = LanePlace(lane or context.ensure_object(Session).settings.lane, capture)
        _verify_photos(context, probe, reference, declines=opted_out, place=place, as_json=as_json)
        return
    if probe is not None or live is None:
        raise typer.BadParameter("--chip goes with --live, and without PROBE and REFERENCE.")
    from fairgate.bootstrap.verifying import ChipToVerify

    asked = ChipToVerify(
        chip,
        live,
        trust or (),
        mrz,
        direction or Direction.ENTRY,
        opted_out,
        test_papers,
        exchange,
        tuple(_sent(one) for one in challenge or ()),
        require_revocation,
        lane,
        capture,
    )
    with context.ensure_object(Session).house() as house:
        verified = house.verify_chip(asked)
    if as_json:
        print_json(_as_object(verified))
    else:
        _say(verified)


def _sent(written: str) -> bytes:
    """Return the octets that an option writes.

    Raises:
        typer.BadParameter: it is not in hexadecimal digits, or too short to be a challenge.
    """
    from fairgate.papers.chip.active import CHALLENGE_BYTES
    from fairgate.papers.chip.exchange_file import octets_of

    found = octets_of(written)
    if found is None or len(found) < CHALLENGE_BYTES:
        raise typer.BadParameter(f"hexadecimal digits of at least {CHALLENGE_BYTES} octets.", param_hint="--challenge")
    return found


def _verify_photos(
    context: typer.Context, probe: Path, reference: Path, *, declines: bool, place: LanePlace, as_json: bool
) -> None:
    with context.ensure_object(Session).house() as house:
        outcome, receipt = house.verify_faces(probe, reference, declines=declines, place=place)
    if as_json:
        print_json({**_outcome(outcome), **_receipt(receipt)})
    else:
        print_line(_in_words(outcome))
        _say_receipt(receipt)


def _receipt(code: str) -> dict[str, object]:
    """Return the receipt of whoever declined; nothing for everybody else."""
    return {"receipt": code} if code else {}


def _say_receipt(receipt: str) -> None:
    if receipt:
        print_line(f"Receipt: {receipt}")


def _outcome(outcome: Outcome) -> dict[str, object]:
    component = getattr(outcome, "component", None)
    return {"outcome": outcome.kind, "reason": outcome.reason.value, "component": component}


def _in_words(outcome: Outcome) -> str:
    component = getattr(outcome, "component", None)
    detail = f" ({component})" if component else ""
    return f"{_plain(outcome.kind)}: {_plain(outcome.reason.value)}{detail}"


def _as_object(verified: ChipVerified) -> dict[str, object]:
    from fairgate.papers.chip.verdicts import StepOutcome

    return {
        **_outcome(verified.outcome),
        "rule_id": verified.rule_id,
        "steps": [
            {"step": one.step.name.lower(), "outcome": one.outcome.value, "code": one.code} for one in verified.steps
        ],
        "signals": [
            {"code": one.code.value, "between": [paper.value for paper in one.between]} for one in verified.differences
        ],
        "revocation": {
            "checked": verified.revocation is not None and verified.revocation.outcome is not StepOutcome.NOT_DONE,
            "required": verified.revocation_required,
        },
        "findings": verified.findings,
        "test_papers": verified.tests_only,
        **_receipt(verified.receipt),
    }


def _say(verified: ChipVerified) -> None:
    from fairgate.papers.chip.verdicts import StepOutcome

    if verified.tests_only:
        print_line(TEST_PAPERS)
    print_line(_in_words(verified.outcome))
    _say_receipt(verified.receipt)
    rows = [
        (one.step.value, _plain(one.step.name.lower()), _plain(one.outcome.value), one.code if one.reason else "")
        for one in verified.steps
    ]
    print_table("", ("step", "what is verified", "outcome", "code"), rows)
    revocation = verified.revocation
    if revocation is not None and revocation.outcome is StepOutcome.NOT_DONE:
        demanded = "demanded" if verified.revocation_required else "not demanded"
        print_line(f"Whether the signer is revoked was not told ({_plain(revocation.code)}), and {demanded}.")
    for proof in verified.not_shown:
        print_line(
            f"No {_plain(proof.step.name.lower())} was shown, which the chip offers: a copy passes. [{proof.code}]"
        )
    for difference in verified.differences:
        print_line(f"{difference.text} [{difference.code}]")
    others = verified.findings - len(verified.not_shown)
    if others:
        print_line(f"{others} finding{'s' if others > 1 else ''} more: fairgate papers read shows them.")


def _plain(code: str) -> str:
    return code.replace("_", " ")
