"""Boarding passes: the text of IATA's bar code (BCBP), parsed and built, and the entry of a list that it belongs to."""
