"""Pages; one use each, self-contained, and accessible."""
