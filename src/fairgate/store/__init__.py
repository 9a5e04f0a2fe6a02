"""The one door to SQL: :mod:`.sqlite` keeps records in a file, :mod:`.memory` keeps them in this process.

Both hold to the Protocols of :mod:`fairgate.services.ports`, and to one contract suite in ``tests/store``.
"""
