"""One use case a file; the only place where rules, face, gallery, papers, ledger and measure meet."""
