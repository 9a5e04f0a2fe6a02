"""Score files of any length: their columns, and what is gathered from them in two passes and bounded memory."""
