"""Bounded, named sets of references, and the candidates found in them."""
