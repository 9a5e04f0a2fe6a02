"""The append-only Merkle log: entries, commitments, tree, proofs and checkpoints.

Everything here is a pure function or a frozen value. Keys, salts and times are handed in; ``store`` keeps what comes
out, and ``fairgate.verifier`` checks it with code of its own.
"""
