"""What may happen to a running installation: one harm after the other, drawn by chance, until it is told to stop."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping

Harm = Callable[[], bool]
"""Does something terrible; False where there was nothing to do it to."""


class Chaos(threading.Thread):
    """Draws a harm every now and then."""

    def __init__(self, harms: Mapping[str, tuple[float, Harm]], every: float, seed: int) -> None:
        """`harms` are weights and what is done; `every` is the mean pause in seconds."""
        super().__init__(name="chaos", daemon=True)
        self._harms, self._every = harms, every
        self._draw = random.Random(seed)
        self._over = threading.Event()
        self.done: Counter[str] = Counter()
        self.failures: list[str] = []

    def run(self) -> None:
        """Harm, pause, harm."""
        names, weights = list(self._harms), [weight for weight, _ in self._harms.values()]
        for name in names:  # each of them once, whatever the dice say
            self._do(name)
        while not self._over.is_set():
            self._do(self._draw.choices(names, weights)[0])

    def _do(self, name: str) -> None:
        if self._over.wait(self._draw.uniform(0.3, 1.7) * self._every):
            return
        try:
            self.done[name] += self._harms[name][1]()
        except Exception as problem:
            self.failures.append(f"{name}: {type(problem).__name__}: {problem}")

    def end(self) -> None:
        """No more of it; what was stopped is running again when this returns."""
        self._over.set()
        self.join()


def pause(draw: random.Random, least: float, most: float) -> None:
    """How long something stays away."""
    time.sleep(draw.uniform(least, most))
