"""A test authority: synthetic passports of the imaginary state of Utopia, good ones and ones broken in one known way.

Pure: keys, times and unpredictable bytes are handed in. Nothing minted here can pass for a real state's paper: the
country is always ``UT`` (``UTO`` in the machine-readable zone), which a production rulebook refuses
(:func:`fairgate.papers.trust.countries.is_imaginary`).
"""
