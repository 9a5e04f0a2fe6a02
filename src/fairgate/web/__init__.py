"""Pages for people: self-contained, readable without a network, a script or colour vision."""
