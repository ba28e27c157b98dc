"""Many attacks at once: several graders over one fork server, as several workers share it."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from typing import Any

from tests.attack.arena import Arena
from tests.attack.corpus import Attack

GRADERS = 3


class Rounds:
    """Grades sequences of attacks in several threads, each time with a grader that is idle."""

    def __init__(self, arenas: Sequence[Arena], pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._graders = len(arenas)
        self._idle: queue.SimpleQueue[Arena] = queue.SimpleQueue()
        for arena in arenas:
            self._idle.put(arena)

    def begin(self, sequence: tuple[Attack, ...]) -> Future[list[str]]:
        """What is found of a sequence, once a grader had time for it."""
        return self.ask(lambda arena: arena.found(sequence))

    def ask(self, work: Callable[[Arena], Any]) -> Future[Any]:
        """Anything done with an idle grader."""
        return self._pool.submit(self._with_idle, work)

    def everyone(self, work: Callable[[Arena], Any]) -> None:
        """Something done with every grader, once all are idle."""
        arenas = [self._idle.get() for _ in range(self._graders)]
        for arena in arenas:
            work(arena)
            self._idle.put(arena)

    def _with_idle(self, work: Callable[[Arena], Any]) -> Any:
        arena = self._idle.get()
        try:
            return work(arena)
        finally:
            self._idle.put(arena)


@contextmanager
def open_rounds(arena: Arena, graders: int = GRADERS) -> Iterator[Rounds]:
    """`graders` beside each other over the fork server of `arena`, which is one of them."""
    with ExitStack() as stack:
        arenas = [arena, *(stack.enter_context(closing(arena.sibling())) for _ in range(graders - 1))]
        pool = stack.enter_context(ThreadPoolExecutor(graders))
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        yield Rounds(arenas, pool)
