"""FMR, FNMR and thresholds of 1:1 comparison; higher scores are more alike, a score at the threshold is a match."""

from __future__ import annotations

LEAST_EXPECTED_ERRORS = 3.0
"""Below this many expected errors the data do not resolve an error rate.

Source: the rule of three (Hanley and Lippman-Hand, JAMA 249, 1983): no error in n trials bounds the rate at 3/n with
95 % confidence, so fewer than three expected errors cannot be told from none.
"""
