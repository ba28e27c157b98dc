"""A worker's process: `python -m webapp.queue.process [OWNER [PARENT [NAME]]]`, or `workshop worker`."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
from types import FrameType

from grader.errors import WorkshopError
from webapp.dying import end_with_parent
from webapp.models import Database
from webapp.operations import logs, measures
from webapp.queue.worker import Stopped, Worker, open_judge
from webapp.settings import Settings, from_environment, own_folder

log = logging.getLogger(__name__)


def work(settings: Settings, owner: str | None = None) -> None:
    """Work until SIGTERM or SIGINT: what is in hand is finished first, what only prepares for it is left."""
    own_folder(settings.data)  # beside a database elsewhere there is none yet
    worker = Worker(Database(settings.database), open_judge(settings.grader), settings, owner)

    def stop(_number: int, _frame: FrameType | None) -> None:
        worker.stop()
        if worker.preparing:
            raise Stopped

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with contextlib.suppress(Stopped):
        worker.run()


def main() -> None:
    """As a child of the server."""
    end_with_parent(int(sys.argv[2]) if len(sys.argv) > 2 else os.getppid())
    settings = from_environment(os.environ)
    name = sys.argv[3] if len(sys.argv) > 3 else "worker"
    logs.set_up(settings, name)
    measures.share(name)
    try:
        work(settings, sys.argv[1] if len(sys.argv) > 1 else None)
    except WorkshopError as problem:
        log.error("%s: %s", problem, problem.remedy)
        sys.exit(2)


if __name__ == "__main__":
    main()
