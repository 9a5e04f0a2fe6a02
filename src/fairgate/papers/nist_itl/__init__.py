"""ANSI/NIST-ITL transactions of records 1, 2 and 10: photographs for the central store, with how they were taken."""
