"""The one door to image bytes and keys.

What a store keeps of a person was sealed here first. A record opens only before its deadline, only while its key
exists, and only for a read that the ledger already holds.
"""
