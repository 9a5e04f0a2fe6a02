"""docs/reference/quality.md is complete: every component and every feedback code, as the code has them."""

from __future__ import annotations

import importlib
from pathlib import Path

from fairgate.face.quality.assess import COMPONENT_NAMES
from fairgate.face.quality.feedback import OF_COMPONENT, TEXTS, Feedback
from fairgate.face.quality.gate import CONSERVATIVE

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "quality.md").read_text(encoding="utf-8")


def _table(heading: str) -> dict[str, list[str]]:
    """Return a section's table: first word → cells."""
    section = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:3] == "| `"]
    return {cells[0].strip("`"): cells for cells in rows}


def test_every_component_is_documented_as_it_maps() -> None:
    """Name, ends of the mapping and gate stand in one row, in the order of report, and no row too many."""
    rows = _table("Components")
    assert tuple(rows) == COMPONENT_NAMES
    for name, (_, _, unit, ends, gate, source) in rows.items():
        module = importlib.import_module(f"fairgate.face.quality.{name}")
        worst, best = getattr(module, "_WORST", None), getattr(module, "_BEST", None)
        if worst is not None and best is not None:
            assert ends == f"{worst:g}, {best:g}", name
        assert gate == str(CONSERVATIVE.get(name, "–")), name
        written = Path(str(module.__file__)).read_text(encoding="utf-8")
        assert f'"{unit}"' in written, name
        assert "Source:" in written, name
        assert source, name


def test_every_feedback_code_is_documented_with_its_text() -> None:
    """And with every component that leads to it."""
    rows = _table("Feedback")
    assert list(rows) == [code.value for code in Feedback]
    for code in Feedback:
        assert rows[code.value][1] == TEXTS[code]
    for component, code in OF_COMPONENT.items():
        assert f"`{component}`" in rows[code.value][2], component
