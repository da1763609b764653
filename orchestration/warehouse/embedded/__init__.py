"""The PostgreSQL server from a wheel: place, programs, OS user, healing, start and stop.

Not here: what is in the database (`prepare`, `migrate`, `roles`).
"""

from orchestration.warehouse.embedded.server import Server, start, status, stop

__all__ = ["Server", "start", "status", "stop"]
