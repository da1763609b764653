"""What a run imports, imported once for all processes that tests fork (`processes`). Not here: anything else."""

from importlib import import_module

from expectations.suites import library

for name in ("dbt.cli.main", "orchestration.definitions", "orchestration.intake.receive"):
    import_module(name)
library()
