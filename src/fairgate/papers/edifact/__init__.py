"""UN/EDIFACT: segments, their service characters, and the envelopes around messages.

Source: ISO 9735-1 (syntax version 4), sections 7 to 10.
"""
