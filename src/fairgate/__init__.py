"""Fairgate: confirms by face that a traveller is who their travel papers say.

This module imports nothing, so that ``fairgate.measure`` and ``fairgate.verifier`` can be used alone.
"""
