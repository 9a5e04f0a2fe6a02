"""Whom to believe: the certificates of country signing authorities (CSCAs), from master lists and the ICAO PKD.

``master_list`` and ``directory`` read the files, ``anchors`` decides which certificates can be used and says why the
others cannot, ``store`` answers questions about them, ``countries`` knows what a machine-readable zone calls a country.
"""
