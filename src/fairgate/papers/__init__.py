"""Travel papers: bytes to typed facts, and back. Pure: no I/O, no clock, no randomness.

``edifact`` knows segments and envelopes, ``paxlst`` the passenger list; later papers are further modules beside them.
"""
