"""``fairgate doctor``: whether Fairgate can work on this machine, and if not, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from fairgate.cli.machine import INSTALL, Found, folder_checks, machine_checks
from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session
from fairgate.errors import ConfigurationRefused, FairgateError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairgate.bootstrap import Check

EXAMPLES = """Examples:

  fairgate doctor

  fairgate doctor --json | tail -1
"""

_WITHOUT_SETTINGS = {"python", "packages", "clock"}


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Look at Python, packages, pack, folders, disk, clock, worker and database; exit 1 if one is not right.

    With --json: one line for each check, then a summary.
    """
    session = context.ensure_object(Session)
    checks: list[Check | Found] = [*machine_checks(session.doors.now()), *_configured_checks(session)]
    failed = [check for check in checks if not check.ok]
    if as_json:
        for check in checks:
            print_json({"name": check.name, "ok": check.ok, "text": check.text, "way_out": check.way_out})
        print_json({"ok": not failed, "checks": len(checks), "failed": [check.name for check in failed]})
    else:
        print_table(
            "", ("check", "state", "text"), [(one.name, "ok" if one.ok else "WRONG", one.text) for one in checks]
        )
        for check in failed:
            print_line(f"{check.name}: {check.way_out}")
    if failed:
        raise typer.Exit(1)


def _configured_checks(session: Session) -> Sequence[Check | Found]:
    """Return the checks of folders and disk, and those that need the house open; what stops one is a check itself."""
    try:
        settings = session.settings
    except ConfigurationRefused as refused:
        return [Found("configuration", ok=False, text=refused.public_text, way_out=refused.way_out)]
    checks = folder_checks(settings.data_dir, settings.cache_dir)
    try:
        with session.house(for_people=False) as house:
            looked_at = {check.name for check in checks} | _WITHOUT_SETTINGS
            return [*checks, *(check for check in house.doctor() if check.name not in looked_at)]
    except FairgateError as refused:
        return [*checks, Found("start", ok=False, text=refused.public_text, way_out=refused.way_out)]
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.startswith("fairgate"):
            raise
        return [*checks, Found("start", ok=False, text=f"{missing.name} is not installed", way_out=INSTALL)]
