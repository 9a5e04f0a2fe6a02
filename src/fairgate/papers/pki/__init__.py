"""Certificates, signatures and signed messages as passports use them; nothing here knows a chip or a trust list.

Elliptic-curve keys with explicit parameters are recognised as their named curves. Where the ``cryptography`` package
has an algorithm it does the arithmetic; :mod:`~fairgate.papers.pki.arithmetic` does it for curves that the package
lacks.
"""
