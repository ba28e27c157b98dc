"""The web server's process: gunicorn with threads, on a socket it was given."""

from __future__ import annotations

import argparse
import logging
import os
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from webapp.dying import end_with_parent
from webapp.operations import logs
from webapp.settings import Settings, from_environment


class Log(Logger):
    """What gunicorn itself has to say, among the other lines.  The application writes those about requests."""

    def setup(self, cfg: Any) -> None:
        """Leave the lines to the handler that everything goes to."""
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)
        self.access_log.disabled = True


class Web(BaseApplication):
    """gunicorn, told everything here and nothing by files."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take over the options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application."""
        from webapp import create_app, warming
        from webapp.operations import measures

        measures.share("web")
        app = create_app()
        warming.begin(app)
        return app


def options(settings: Settings, descriptor: int) -> dict[str, Any]:
    """One process with threads: SQLite has one writer anyway, and brakes on guessing are kept in its memory."""
    return {
        "bind": f"fd://{descriptor}",
        "workers": 1,
        "worker_class": "webapp.threads.Worker",
        "threads": settings.threads,
        "timeout": 60,
        "graceful_timeout": 5,
        "keepalive": 15,
        "loglevel": "warning",
        "control_socket_disable": True,
        "forwarded_allow_ips": "",  # what a proxy says of the asker is believed by WORKSHOP_PROXIES alone
        "forwarder_headers": "",
        "proc_name": "workshop-web",
        "logger_class": Log,
        "post_fork": lambda arbiter, _worker: end_with_parent(arbiter.pid),
    }


def main() -> None:
    """`python -m webapp.web --fd N --parent PID`, started by `workshop serve`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    arguments = parser.parse_args()
    end_with_parent(arguments.parent)
    settings = from_environment(os.environ)
    logs.set_up(settings, "web")
    Web(options(settings, arguments.fd)).run()


if __name__ == "__main__":
    main()
