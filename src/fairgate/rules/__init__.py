"""The law as data: dated rulebooks, and pure functions that say what they allow. No I/O, no clock, no randomness."""
