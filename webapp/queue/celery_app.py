"""The distributed carrier's two ends: a Celery application that says "look" through RabbitMQ, and who hears it.

A message is a ticket: whoever gets it takes whatever job is next by the rows, goes on as long as there are any, and
gives the ticket back when there are none.  It is acknowledged only then, so a worker that is killed returns its ticket
by dying.  Tickets are all alike; losing or repeating one harms nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from celery import Celery, Task
from celery.exceptions import Reject
from celery.worker import WorkController, state
from celery.worker.consumer import consumer
from kombu import Exchange, Queue

from webapp.queue.states import BULK

log = logging.getLogger(__name__)

LOOK = "workshop.look"
"""The queue, and the task in it."""
MOST_TICKETS = 1000
"""The broker keeps as many; a worker with a ticket goes on as long as rows wait, so more say nothing more."""
HEARTBEAT_SECONDS = 10
CONNECT_SECONDS = 4.0
CONFIRM_SECONDS = 5.0

Look = Callable[[str, bool], bool]
"""Look for work with this ticket, which may be one that came back; False hands the ticket on."""


def make_app(url: str) -> Celery:
    """An application of its own for one broker; nothing of Celery's is the process's default."""
    app = Celery(LOOK, set_as_current=False)
    app.conf.update(
        broker_url=url,
        broker_heartbeat=HEARTBEAT_SECONDS,
        broker_connection_timeout=CONNECT_SECONDS,
        broker_connection_retry=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # for ever
        broker_pool_limit=None,
        broker_transport_options={"confirm_publish": True},
        task_serializer="json",
        accept_content=["json"],
        result_backend=None,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_acks_on_failure_or_timeout=True,
        task_default_queue=LOOK,
        task_queues=[
            Queue(
                LOOK,
                Exchange(LOOK, type="direct", durable=True),
                routing_key=LOOK,
                durable=True,
                queue_arguments={"x-max-priority": BULK, "x-max-length": MOST_TICKETS},
            )
        ],
        task_create_missing_queues=False,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
    )
    return app


def send(app: Celery, producer: Any, priority: int) -> None:
    """One ticket for work of that priority (small numbers first, as in the rows); raises what went wrong."""
    app.send_task(
        LOOK,
        producer=producer,
        queue=LOOK,
        priority=max(0, BULK - priority),
        retry=False,
        ignore_result=True,
        confirm_timeout=CONFIRM_SECONDS,
    )


class SaidOnce(logging.Filter):
    """Has Celery say once that the broker is away: by itself each worker does at every trial, every half minute."""

    def __init__(self) -> None:
        super().__init__()
        self._away = False

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps what is about something else, and the first one of an outage."""
        if consumer.CONNECTION_RETRY in (record.args or ()):
            first, reason = not self._away, "the connection broke"
        elif record.msg == consumer.CONNECTION_ERROR:
            first, reason = not self._away, str(record.args[1])  # type: ignore[index]  # [0] is the address
        else:
            return True
        self._away = True
        record.msg, record.args = "the broker does not answer, so this worker looks for itself: %s", (reason,)
        return first

    def end(self) -> None:
        """It answers."""
        if self._away:
            log.warning("the broker is heard again")
        self._away = False


class Ear(threading.Thread):
    """Celery's worker in a thread of its own: its event loop keeps the connection alive while a job takes minutes.

    The task runs in Celery's one pool thread, and only waits there: grading is done by who made this, in its own
    thread, where signals arrive and the grader lives.
    """

    def __init__(self, app: Celery, look: Look, ready: Callable[[], None]) -> None:
        super().__init__(name="tickets", daemon=True)
        self._app, self._ready = app, ready
        self._closed = threading.Event()
        self._away = SaidOnce()

        @app.task(name=LOOK, bind=True, acks_late=True, reject_on_worker_lost=True, ignore_result=True)
        def hear(task: Task) -> None:
            again = bool((task.request.delivery_info or {}).get("redelivered"))
            if not look(task.request.id, again):
                raise Reject(requeue=True)

    def run(self) -> None:
        """Listen until `close`, whatever happens to Celery or the broker."""
        pause = 1.0
        consumer.logger.addFilter(self._away)
        while not self._closed.is_set():
            state.should_stop = None
            try:
                worker = WorkController(
                    app=self._app,
                    pool_cls="threads",
                    concurrency=1,
                    queues=[LOOK],
                    without_gossip=True,
                    without_mingle=True,
                    without_heartbeat=True,
                    ready_callback=self._connected,
                )
                worker.start()
            except Exception:
                log.exception("listening to the broker")
            self._closed.wait(pause)
            pause = min(30.0, pause * 2)

    def _connected(self, _consumer: Any) -> None:
        self._away.end()
        self._ready()

    def close(self, seconds: float = 3.0) -> None:
        """Listen no more.  What was not acknowledged goes back to the broker."""
        self._closed.set()
        state.should_stop = 0
        self.join(seconds)
        consumer.logger.removeFilter(self._away)
