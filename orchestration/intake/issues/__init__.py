"""Faults as issues: fingerprints, sentences, the ledger. Not here: deciding on them (stewardship)."""
