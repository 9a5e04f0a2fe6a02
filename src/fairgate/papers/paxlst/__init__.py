"""The passenger list, UN/EDIFACT PAXLST, as WCO, IATA and ICAO profile it (directories D.02B to D.12B)."""
