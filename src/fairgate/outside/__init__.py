"""Files read and calls made outward: the installed packs and their model files."""
