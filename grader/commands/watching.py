"""``workshop check --watch``: read again whenever a file is saved, and prove what changed.

Files are looked at five times a second rather than watched by the kernel: a bank is a handful of files, and looking
sees editors that save by renaming, folders that go and come back, network drives and containers alike.
"""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from grader.cli import describe
from grader.commands.banks import load_banks, shipped_banks
from grader.commands.check_report import Report, print_findings, summary
from grader.errors import WorkshopError
from grader.kept_proofs import KeptProofs
from grader.proof import Proof, relative
from grader.proving import Prover, ProvingStopped, count_cases, needs_proof
from grader.reuse import Tried, moved, tried
from questions.model import Bank, Item

LOOKS_EVERY_SECONDS = 0.2
Stamp = dict[str, tuple[int, int, int]]


class Watch:
    """Proves banks again and again, until Ctrl-C or `q`."""

    def __init__(
        self, paths: tuple[Path, ...], *, matrix: bool, structure: bool, jobs: int, anew: bool = False
    ) -> None:
        self._paths = paths or (shipped_banks(),)
        self._matrix = matrix
        self._structure = structure
        self._jobs = jobs
        self._kept = KeptProofs()
        self._anew = anew
        self._known: dict[Tried, tuple[Item, Proof]] = {}
        self._seen: Stamp = {}
        self._looked = 0.0

    def run(self) -> None:
        """Returns when it was told to quit.  Raises `SandboxUnavailable` where code cannot be confined."""
        with Prover(self._jobs) as prover, _keys() as has_keys:
            while True:
                self._seen = stamp(self._paths)
                try:
                    self._round(prover, has_keys)
                except ProvingStopped:
                    continue
                if self._wait(has_keys) == "q":
                    return

    def _round(self, prover: Prover, has_keys: bool) -> None:
        started = time.monotonic()
        try:
            banks = tuple(bank for path in self._paths for bank in load_banks(path))
            proofs, proved = ([], 0) if self._structure else self._proofs(banks, prover)
        except WorkshopError as error:  # a file is gone for a moment, or for good
            self._clear()
            click.echo(f"{click.style('cannot be proved:', fg='red')} {describe(error)}")
        else:
            self._clear()
            report = Report(banks, tuple(proofs), self._structure)
            print_findings(report, matrix=self._matrix)
            took = f"{proved} proved just now in {time.monotonic() - started:.1f} s"
            anew = "" if self._structure else f"; {took if proved else 'nothing that is tried has changed'}"
            click.echo(f"\n{click.style(summary(report), fg='green' if report.ok else 'red', bold=True)}{anew}")
        keys = "Enter proves all again, m shows or hides the matrix, q quits." if has_keys else "Ctrl-C ends."
        click.echo(click.style(f"Waiting for a file to be saved. {keys}", dim=True))

    def _proofs(self, banks: tuple[Bank, ...], prover: Prover) -> tuple[list[tuple[Item, Proof]], int]:
        """A proof for each item that needs one, and how many of them are new."""
        items = [item for bank in banks for item in bank.items if needs_proof(item)]
        keys = [tried(item) for item in items]
        for item, key in zip(items, keys, strict=True):
            if key not in self._known and not self._anew and (proof := self._kept.get(item)) is not None:
                self._known[key] = item, proof
        fresh = [item for item, key in zip(items, keys, strict=True) if key not in self._known]
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        silent = not (fresh and console.is_terminal)
        with Progress(*columns, console=console, transient=True, disable=silent) as progress:
            task = progress.add_task("", total=sum(count_cases(item) for item in fresh))
            for item, key in zip(items, keys, strict=True):
                if key not in self._known:
                    progress.update(task, description=f"proving {item.id}")
                    proof = prover.prove(item, lambda: progress.advance(task), self._changed)
                    self._known[key] = item, proof
                    self._kept.keep(item, proof)
        proofs = []
        for item, key in zip(items, keys, strict=True):
            before, proof = self._known[key]
            proofs.append((item, moved(proof, before, item)))
        self._known = {key: (item, proof) for key, (item, proof) in zip(keys, proofs, strict=True)}
        return proofs, len(fresh)

    def _changed(self) -> bool:
        """Whether a file differs from what this round read."""
        if time.monotonic() - self._looked < LOOKS_EVERY_SECONDS:
            return False
        self._looked = time.monotonic()
        return stamp(self._paths) != self._seen

    def _wait(self, has_keys: bool) -> str:
        """Until a file was saved, and whatever saves it has come to rest; or until a key asks for something."""
        while not self._changed():
            key = ""
            if has_keys:
                key = _key(LOOKS_EVERY_SECONDS)
            else:
                time.sleep(LOOKS_EVERY_SECONDS)
            if key == "q":
                return "q"
            if key == "m":
                self._matrix = not self._matrix
                return "m"
            if key in ("\n", "\r"):
                self._known.clear()
                self._anew = True
                return "a"
        last: Stamp = {}
        while last != (now := stamp(self._paths)):
            last = now
            time.sleep(LOOKS_EVERY_SECONDS / 2)
        return ""

    def _clear(self) -> None:
        if sys.stdout.isatty():
            click.clear()
        names = ", ".join(str(relative(path)) for path in self._paths)
        click.echo(click.style(f"workshop check --watch {names}   {time.strftime('%H:%M:%S')}\n", dim=True))


def stamp(paths: tuple[Path, ...]) -> Stamp:
    """When each file was last written, of those that a bank at `paths` is read from; what is not there has no entry."""
    found: Stamp = {}
    for path in paths:
        folder = path if path.is_dir() else path.parent
        files = [path, *folder.glob("*.md"), *folder.glob("figures/*.svg")]
        if folder == path:
            files += [*folder.glob("*/*.md"), *folder.glob("*/figures/*.svg")]
        for file in files:
            try:
                state = os.stat(file)
            except OSError:
                continue
            found[str(file)] = (state.st_mtime_ns, state.st_size, state.st_ino)
    return found


@contextmanager
def _keys() -> Iterator[bool]:
    """Reads single keys while inside, where there is a terminal to read them from; says whether there is."""
    try:
        import termios
        import tty

        before = termios.tcgetattr(sys.stdin.fileno())
    except (ImportError, OSError, ValueError, termios.error):
        yield False
        return
    try:
        tty.setcbreak(sys.stdin.fileno())
        yield True
    finally:
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, before)


def _key(seconds: float) -> str:
    """A key that is pressed within `seconds`."""
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    return os.read(sys.stdin.fileno(), 1).decode("ascii", "replace").lower() if ready else ""
