"""Error rates by group, their differences, and what the data could have seen (ISO/IEC 19795-10)."""
