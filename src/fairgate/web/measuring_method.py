"""How a measurement was made and how to repeat it, and what its few terms mean."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from fairgate.measure.measured import Measured, Method, SourceFile
from fairgate.measure.plots import Table
from fairgate.measure.words import count, percent
from fairgate.web.measuring_blocks import Block, Data, Heading, Pairs, Section, Words

FORMULAS = (
    (
        "Exact interval of a count",
        "Clopper and Pearson, Biometrika 26 (1934); covers at or above the nominal if trials are independent.",
    ),
    ("Interval where no error was seen", "rule of three: Hanley and Lippman-Hand, JAMA 249 (1983)."),
    ("Interval of a chain's shares", "Wilson, JASA 22 (1927)."),
    (
        "Interval for comparisons that share people",
        "people are drawn, not comparisons: Bolle, Ratha and Pankanti, CVIU 93 (2004); Rubin, Ann. Stat. 9 (1981).",
    ),
    (
        "Not resolvable",
        "fewer than three errors would be expected, which cannot be told from none with 95 % confidence.",
    ),
    ("DET, FMR, FNMR, FPIR, FNIR, CMC", "ISO/IEC 19795-1:2021; a score equal to the threshold is a match."),
    (
        "Rates over galleries",
        "means over every gallery of a size that can be drawn, by the hypergeometric distribution, not by drawing.",
    ),
    (
        "Groups",
        "ISO/IEC 19795-10:2024; ratios: NIST IR 8429 (2022); simultaneous intervals: Dunn, JASA 56 (1961).",
    ),
    ("Intervals of groups", "exact with the effective sample size: Korn and Graubard, Survey Methodology 24 (1998)."),
    ("Quality", "error versus discard: Grother and Tabassi, IEEE TPAMI 29 (2007); ISO/IEC 29794-1:2024."),
    ("Attacks", "ISO/IEC 30107-3:2023: each kind of attack apart, never a mean over kinds."),
)

GLOSSARY = (
    ("Mated", "a comparison of one person with themself; non-mated: of two people."),
    (
        "Threshold",
        "a score at or above it is taken for a match. A higher one lets fewer strangers pass and misses more.",
    ),
    ("FMR", "false match rate: the share of comparisons of two people that match."),
    ("FNMR", "false non-match rate: the share of comparisons of one person that do not match."),
    ("FPIR", "false positive identification rate: the share of searches for strangers that name somebody."),
    ("FNIR", "false negative identification rate: the share of searches that miss a person who is in the gallery."),
    ("Gallery", "the references that a search goes through, for instance a flight's passengers."),
    ("DET", "the curve of both errors against each other, one point for each threshold."),
    ("CMC", "how often the right person is among the first few candidates."),
    ("FAR, FRR", "false accept and false reject rate: errors of whole transactions, with all attempts."),
    ("APCER", "the share of attacks of one kind that are taken for a genuine presentation."),
    ("BPCER", "the share of genuine presentations that are taken for an attack."),
    ("IAPAR", "the share of attacks of one kind that pass detection and match as well."),
    ("RIAPAR", "IAPAR and the share of genuine people refused, added up for one kind."),
    (
        "Interval",
        "holds the true rate in as many of 100 such measurements as its confidence says; few counted make it wide.",
    ),
    ("Simultaneous", "an interval that holds for all groups at once, not only for each alone."),
    ("Extrapolated", "computed beyond what was counted, with the assumption named; not measured."),
)

_MISSING = (
    ("verification", "Verification: the files do not hold both comparisons of one person and of two people."),
    ("identification", "Identification: the files hold no searches of a gallery."),
    ("transactions", "Transactions: the files tell neither attempts nor failures."),
    ("quality", "Quality: no column states it."),
    ("presentations", "Presentation attacks: no column states them."),
)


def method_section(measured: Measured) -> Section:
    """Return everything needed to repeat the measurement, and which parts the data do not allow."""
    source, method = measured.source, measured.method
    rows = repeat_rows(method)
    if method.pack is not None:
        rows += [("Pack", method.pack[0], True), ("Pack digest", method.pack[1], True)]
    else:
        rows.append(("Pack", "unknown: the scores came as files", False))
    rows += [
        ("Comparisons of one person", count(source.mated), False),
        ("Comparisons of two people", count(source.non_mated), False),
        ("Rows without a score", count(source.failures), False),
        ("Attack presentations", count(source.attacks), False),
        ("People", "unknown: the files do not say" if source.subjects is None else count(source.subjects), False),
        ("Columns", ", ".join(source.columns) or "none", True),
    ]
    blocks: list[Block] = [Pairs(tuple(rows))]
    if source.files:
        blocks.append(files_table(source.files))
    if method.notes:
        blocks.append(Heading("Left out or bounded"))
        blocks += [Words(note) for note in method.notes]
    missing = missing_parts(measured)
    if missing:
        blocks.append(Heading("What the data do not allow"))
        blocks += [Words(line) for line in missing]
    blocks.append(Heading("Where the formulas are from"))
    blocks.append(Pairs(tuple((name, text, False) for name, text in FORMULAS)))
    blocks.append(
        Words(
            "Not in here: no photo, no name and no comparison with its score. Whoever can read single scores can climb "
            "them, trying changed photos until one passes."
        )
    )
    return Section("method", "Method, and how to repeat this", tuple(blocks))


def repeat_rows(method: Method) -> list[tuple[str, str, bool]]:
    """Return what a repetition needs besides the data, as rows of pairs."""
    return [
        ("Command line", without_folders(method.command), True),
        ("Program", method.made_by, False),
        ("Seed", str(method.seed), True),
        ("Confidence of intervals", percent(method.confidence), False),
        ("Rounds of each bootstrap", count(method.resamples), False),
        ("Folds by person", count(method.folds) if method.folds else "none", False),
    ]


def files_table(files: Sequence[SourceFile]) -> Data:
    """Return the input files with their digests."""
    rows = tuple((without_folders(one.name), count(one.rows), one.sha256) for one in files)
    return Data("files", Table("Input, by SHA-256", ("File", "Rows", "SHA-256"), rows), texts=(2,))


def glossary_section(*names: str) -> Section:
    """Return the terms in use; all of them where none is named."""
    terms = [(name, text, False) for name, text in GLOSSARY if not names or name in names]
    return Section("glossary", "Terms", (Pairs(tuple(terms)),))


def missing_parts(measured: Measured) -> list[str]:
    """Return a line for each part that the data do not allow."""
    lines = [line for name, line in _MISSING if getattr(measured, name) is None]
    if not measured.groups:
        lines.append("Groups: no column labels people.")
    return lines


def without_folders(command: str) -> str:
    """Return a command line whose paths are cut to their last part: folders may name people or machines."""
    try:
        words = shlex.split(command)
    except ValueError:
        words = command.split()
    kept = [
        re.sub(r"^(--?[\w-]+=)?.*[/\\](?=[^/\\]+[/\\]*$)", lambda found: found.group(1) or "", word) for word in words
    ]
    return " ".join(word if re.fullmatch(r"[\w@%+=:,./×-]+", word) else shlex.quote(word) for word in kept)
