"""A process of its own that writes to a database: `python writing_process.py DATABASE WHAT SECONDS`.

write   saves drafts, one after the other, and prints how many and the longest wait
hold    takes the write lock, says so on its standard output and keeps it until it is killed
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

from webapp.models import Database, Draft


def main() -> None:
    path, what, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    database = Database(f"sqlite:///{path}")
    if what == "hold":
        with database.writing() as session:
            session.merge(Draft(user_id=1, assignment_item_id=1, content="lost", version=9, saved_at=datetime.now(UTC)))
            session.flush()
            print("held", flush=True)
            time.sleep(seconds)
        return
    end, count, longest = time.monotonic() + seconds, 0, 0.0
    while time.monotonic() < end:
        started = time.monotonic()
        with database.writing(durable=count % 5 == 0) as session:
            session.merge(
                Draft(user_id=2, assignment_item_id=1, content=f"{count}", version=count, saved_at=datetime.now(UTC))
            )
        longest = max(longest, time.monotonic() - started)
        count += 1
    print(count, longest, flush=True)


if __name__ == "__main__":
    main()
