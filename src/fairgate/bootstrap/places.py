"""Where in the data folder everything lies, and for what a face is compared."""

from __future__ import annotations

DATABASE = "fairgate.db"
KEYS = "keys"
SIGNING_KEY = "ledger.key"
ANCHOR = "ledger.anchor"
BOARDING_PURPOSE = "identity_confirmation"
