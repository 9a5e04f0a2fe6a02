"""ASN.1 as passports use it: a bounded reader of BER and DER, a writer of DER, and findings about deviations.

Nothing here knows certificates or chips. Reading never recurses, allocates no more than its input's size, and refuses
what is nested, long or numerous beyond the limits of :mod:`~fairgate.papers.der.tlv`.
"""
