"""The envelope: counts and references of UNB, UNG, UNH … UNT, UNE, UNZ."""

from __future__ import annotations

import pytest

from fairgate.errors import PapersError
from fairgate.papers.edifact.envelope import Envelope, Part
from fairgate.papers.edifact.segments import segments
from fairgate.papers.findings import FindingCode, Findings

UNA = "UNA:+.? '"
UNB = "UNB+UNOA:4+A+B+261122:0900+I1'"
UNG = "UNG+PAXLST+A+B+261122:0900+G1+UN+D:02B'"
UNH = "UNH+M1+PAXLST:D:02B:UN:IATA'"
GOOD = [UNB, UNG, UNH, "BGM+745'", "UNT+3+M1'", "UNE+1+G1'", "UNZ+1+I1'"]


def follow(*written: str) -> tuple[list[Part], list[str]]:
    """Return what each segment was to the envelope, and what deviated."""
    findings = Findings()
    envelope = Envelope("PAXLST", findings)
    content = (UNA + "".join(written)).encode()
    parts = [envelope.take(segment) for segment in segments(content, findings)]
    envelope.finish(len(content))
    return parts, [finding.code for finding in findings.collected()]


def test_a_complete_envelope_has_no_findings() -> None:
    """Counts and references that agree are silent."""
    parts, codes = follow(*GOOD)
    assert parts == [
        Part.SERVICE,
        Part.SERVICE,
        Part.MESSAGE_BEGINS,
        Part.BODY,
        Part.MESSAGE_ENDS,
        Part.SERVICE,
        Part.SERVICE,
    ]
    assert codes == []


def test_groups_may_be_absent() -> None:
    """Without UNG, UNZ counts messages."""
    _, codes = follow(UNB, UNH, "UNT+2+M1'", UNH.replace("M1", "M2"), "UNT+2+M2'", "UNZ+2+I1'")
    assert codes == []


@pytest.mark.parametrize(
    ("index", "replacement", "code"),
    [
        (0, "", FindingCode.MISSING_SEGMENT),
        (0, "UNB+UNOA:4+A+B+261122:0900'", FindingCode.MISSING_FACT),
        (1, "UNG+PAXLST+A+B+261122+G1+UN+D:02B'", FindingCode.FUNCTIONAL_GROUP_VARIANT),
        (1, "UNG+PAXLST'", FindingCode.FUNCTIONAL_GROUP_VARIANT),
        (1, "", FindingCode.MISPLACED_SEGMENT),
        (2, UNH.replace("D:02B", "2:911"), FindingCode.MESSAGE_VERSION),
        (2, "UNH+M1+PAXLST:D:02B:UN:IATA+X+7:F'", FindingCode.PART_OF_TRANSFER),
        (4, "", FindingCode.MISSING_SEGMENT),
        (4, "UNT+4+M1'", FindingCode.COUNT_MISMATCH),
        (4, "UNT+0000003+M1'", FindingCode.COUNT_FORM),
        (4, "UNT+three+M1'", FindingCode.COUNT_FORM),
        (4, "UNT+" + "9" * 5000 + "+M1'", FindingCode.COUNT_FORM),
        (4, "UNT+3+M2'", FindingCode.REFERENCE_MISMATCH),
        (4, "UNT+3+M 1'", FindingCode.STRAY_SPACE),
        (5, "UNE+2+G1'", FindingCode.COUNT_MISMATCH),
        (5, "UNE+1+G2'", FindingCode.REFERENCE_MISMATCH),
        (5, "", FindingCode.MISSING_SEGMENT),
        (6, "UNZ+2+I1'", FindingCode.COUNT_MISMATCH),
        (6, "UNZ+1+I2'", FindingCode.REFERENCE_MISMATCH),
        (6, "", FindingCode.MISSING_SEGMENT),
        (4, "UNT+3+M1'UNT+3+M1'", FindingCode.MISPLACED_SEGMENT),
        (4, "UNT+3+M1'BGM+745'", FindingCode.MISPLACED_SEGMENT),
    ],
)
def test_each_deviation_of_the_envelope_is_reported(index: int, replacement: str, code: FindingCode) -> None:
    """One wrong segment gives the finding that names it."""
    written = [*GOOD[:index], replacement, *GOOD[index + 1 :]]
    _, codes = follow(*written)
    assert code in codes


def test_an_input_that_ends_early_says_what_is_missing() -> None:
    """UNT, UNE and UNZ are each missed by name."""
    _, codes = follow(*GOOD[:4])
    assert codes == [FindingCode.MISSING_SEGMENT] * 3


@pytest.mark.parametrize("written", [[UNB, UNB], [UNB, "UNH+1+CUSRES:D:02B:UN'"]])
def test_another_interchange_or_message_type_is_refused(written: list[str]) -> None:
    """Neither is guessed at."""
    with pytest.raises(PapersError) as refused:
        follow(*written)
    assert refused.value.position == len(UNA) + len(UNB)
