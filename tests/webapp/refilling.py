"""One PostgreSQL database that is put back for each test: a copy of its own takes a tenth of a second or more."""

from __future__ import annotations

import psycopg

from tests.services.postgresql import PostgreSQL


class Refilled:
    """A database that is as it was made whenever somebody asks for it; its tables themselves must not change."""

    def __init__(self, server: PostgreSQL, address: str) -> None:
        self.address = address
        name = address.rpartition("/")[2]
        self._superuser = psycopg.connect(server.superuser(name), autocommit=True)
        self._cut = (
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        tables = [
            row[0] for row in self._superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        self._superuser.execute("CREATE SCHEMA kept")
        # No trigger runs, so the order of tables is free, and a submission can be removed.
        steps = ["ROLLBACK", "BEGIN", "SET LOCAL session_replication_role = replica"]
        for table in tables:
            self._superuser.execute(f"CREATE TABLE kept.{table} AS SELECT * FROM public.{table}")
            steps.append(f"DELETE FROM public.{table}")
            if self._superuser.execute(f"SELECT 1 FROM kept.{table} LIMIT 1").fetchone():
                steps.append(f"INSERT INTO public.{table} SELECT * FROM kept.{table}")
        for (sequence,) in self._superuser.execute(
            "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
        ).fetchall():
            last, called = self._superuser.execute(
                f"SELECT last_value, is_called FROM public.{sequence}"
            ).fetchone() or (1, False)
            steps.append(f"SELECT setval('public.{sequence}', {last}, {called})")
        self._steps = "; ".join([*steps, "COMMIT"])

    def fresh(self) -> str:
        """Put everything back; the address."""
        self._superuser.execute(self._cut)
        self._superuser.execute(self._steps)  # an error here: a test that moves tables is not marked so
        return self.address
