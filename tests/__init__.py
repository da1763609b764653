"""Tests: unit (no database), integration (real Postgres, real files), conventions (the house's own rules)."""
