"""Passport chips (eMRTD): their files, and whether they are genuine.

chip = read_chip(files)
verdict = passive_authentication(chip, trust, at=now)
"""

from fairgate.papers.chip.passive import passive_authentication
from fairgate.papers.chip.read import ChipRead, read_chip, read_chip_file
from fairgate.papers.chip.verdicts import PassiveAuthentication

__all__ = ["ChipRead", "PassiveAuthentication", "passive_authentication", "read_chip", "read_chip_file"]
