"""Whole transactions, for the figures' part of a measuring report."""

from __future__ import annotations

from fairgate.measure.intervals import Proportion
from fairgate.measure.plots import Table
from fairgate.measure.transaction_plots import attempts_plot, links_plot
from fairgate.measure.transactions import Transactions
from fairgate.measure.words import k_of_n, one_in, rate_bracket, rate_percent, threshold_text
from fairgate.web.measuring_blocks import Block, Data, Heading, Picture, Section, Words


def transactions_section(found: Transactions) -> Section:
    """Return failures to enrol and to acquire, the chain and the errors by attempts."""
    blocks: list[Block] = [
        Words(
            f"At the threshold {threshold_text(found.threshold)}, made for a false match rate of "
            f"{one_in(found.target)}. {_policy(found.policy)}"
            + ("" if found.attempts_known else " The files tell no attempts: each row counts as a whole transaction.")
        ),
    ]
    if found.failures_known:
        rows = [
            ("No reference (failure to enrol), of transactions", *_cells(found.failure_to_enrol)),
            ("No usable capture (failure to acquire), of attempts", *_cells(found.failure_to_acquire)),
        ]
        if found.people_without_reference is not None:
            rows.insert(1, ("No reference, of people", *_cells(found.people_without_reference)))
        failures = Table("Failures before any comparison", ("Failure", "Cases", "Share", "Interval"), tuple(rows))
        blocks.append(Data("failures", failures))
    else:
        blocks.append(Words("The files tell no failures, so the chain shows nothing but matching."))
    if found.chain:
        blocks += [Heading("From offered to matched"), Picture(links_plot(found), folded=False)]
        if found.product is not None:
            shares = [link.of_before for link in found.chain[1:]]
            product = " × ".join(rate_percent(share.value) for share in shares if share.value is not None)
            last = found.chain[-1].of_offered
            blocks.append(
                Words(
                    f"{product} = {rate_percent(found.product)} of all offered ({k_of_n(last)}, interval "
                    f"{rate_bracket(last.low, last.high)})."
                )
            )
    if found.by_attempts:
        blocks += [Heading("More attempts"), Picture(attempts_plot(found), folded=False)]
    return Section("transactions", "Whole transactions", tuple(blocks))


def _policy(policy: str) -> str:
    text = policy.strip()
    return text if not text or text.endswith(".") else f"{text}."


def _cells(rate: Proportion) -> tuple[str, str, str]:
    share = "–" if rate.value is None else rate_percent(rate.value)
    return k_of_n(rate), share, rate_bracket(rate.low, rate.high)
