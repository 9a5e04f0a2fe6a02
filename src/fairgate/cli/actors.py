"""``fairgate actors``: who may propose and adopt rulebooks, and their keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from fairgate.services.rulebook_records import EnrolledActor

app = typer.Typer(help="Who may propose and adopt rulebooks, each with a key of their own.")

KEY_EXAMPLES = """Examples:

  fairgate actors key officer:o-17 --out o-17.key
"""

ENROL_EXAMPLES = """Examples:

  fairgate actors enrol officer:o-17+0a1b2c3d+AQID
"""

WITHDRAW_EXAMPLES = """Examples:

  fairgate actors withdraw officer:o-17
"""

LIST_EXAMPLES = """Examples:

  fairgate actors list

  fairgate actors list --json
"""


@app.command("key", epilog=KEY_EXAMPLES)
def make_key(
    context: typer.Context,
    actor: Annotated[str, typer.Argument(metavar="KIND:ID", help="officer, operator or overseer, and an identifier.")],
    *,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="Where the secret key goes; keep it where only you can read it.")
    ],
    as_json: Json = False,
) -> None:
    """Make a key of your own and print its public half, which the operator enrols. The identifier is no name."""
    public_key = context.ensure_object(Session).doors.make_actor_key(actor, out)
    if as_json:
        print_json({"actor": actor, "public_key": public_key, "file": str(out)})
    else:
        print_line(f"The secret key is in {out}; nobody else may have it. Give the operator this line:")
        print_line(public_key)


@app.command("enrol", epilog=ENROL_EXAMPLES)
def enrol(
    context: typer.Context,
    public_key: Annotated[
        str, typer.Argument(metavar="PUBLIC_KEY", help="The line that `fairgate actors key` printed.")
    ],
    as_json: Json = False,
) -> None:
    """Let somebody propose and adopt; that is a ledger entry. A key belongs to one actor for ever."""
    with context.ensure_object(Session).house(for_people=False) as house:
        enrolled = house.rulebooks.enrol(public_key)
    if as_json:
        print_json(_as_object(enrolled))
    else:
        print_line(f"{enrolled.actor} may propose and adopt rulebooks; ledger entry {enrolled.ledger_index}.")


@app.command("withdraw", epilog=WITHDRAW_EXAMPLES)
def withdraw(
    context: typer.Context,
    actor: Annotated[str, typer.Argument(metavar="KIND:ID", help="Whose key.")],
    as_json: Json = False,
) -> None:
    """Withdraw an actor's key; what it signed and is not adopted yet counts no more."""
    with context.ensure_object(Session).house(for_people=False) as house:
        withdrawn = house.rulebooks.withdraw(actor)
    if as_json:
        print_json({"actor": str(withdrawn.actor), "withdrawn": True})
    else:
        print_line(f"The key of {withdrawn.actor} counts no more.")


@app.command("list", epilog=LIST_EXAMPLES)
def list_actors(context: typer.Context, as_json: Json = False) -> None:
    """Print everybody who may propose and adopt, and who might once.

    With --json: one line for each, then how many count.
    """
    with context.ensure_object(Session).house(for_people=False) as house:
        found = house.rulebooks.actors()
    if as_json:
        for one in found:
            print_json(_as_object(one))
        print_json({"actors": sum(one.withdrawn_at is None for one in found)})
        return
    rows = [
        (str(one.actor), one.public_key.hex()[:16], f"{one.enrolled_at:%Y-%m-%d}", _until(one), one.ledger_index)
        for one in found
    ]
    print_table("", ("actor", "key", "enrolled", "withdrawn", "ledger entry"), rows)


def _until(one: EnrolledActor) -> str | None:
    return f"{one.withdrawn_at:%Y-%m-%d}" if one.withdrawn_at else None


def _as_object(one: EnrolledActor) -> dict[str, object]:
    from fairgate.services.records import as_utc_text

    return {
        "actor": str(one.actor),
        "public_key": one.public_key.hex(),
        "enrolled_at": as_utc_text(one.enrolled_at),
        "withdrawn_at": as_utc_text(one.withdrawn_at) if one.withdrawn_at else None,
        "ledger_index": one.ledger_index,
    }
