"""Benchmarks: figures with the machine named, never tests."""
