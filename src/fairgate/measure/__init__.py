"""Comparison scores and outcomes in, error rates with counts and intervals out; usable alone."""
