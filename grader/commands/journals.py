"""Which journal a run of ``workshop grade`` writes, and what is said of it."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import click

from grader.bulk.journal import Journal, JournalBusy, JournalRefused
from grader.bulk.seal import Seal, own_seal

FOLDER = Path(".workshop-grade")
"""Below the current folder, as other tools keep what they remember."""


def open_journal(path: Path | None, without: bool, name: str, resume: bool) -> Journal:
    """The journal at `path`, else the usual one for `name`, else one that is gone with the run.

    Raises `JournalRefused`; for the usual one only when another run has it, or when it is needed to resume.
    """
    seal = own_seal()
    if without:
        return Journal.passing(seal)
    if path is not None:
        return _opened(path, seal)
    try:
        return _opened(_usual(name), seal)
    except JournalBusy:
        raise
    except JournalRefused as refused:
        if resume:
            raise
        _say(f"{refused}: what this run grades cannot be resumed")
        return Journal.passing(seal)


def say_known(journal: Journal, known: int, total: int, resume: bool) -> None:
    """Tell on stderr what of this run is in the journal already."""
    if resume and known:
        _say(f"{known} of {total} are in the journal and not graded again")
    elif resume:
        _say(f"nothing of this is in the journal {journal.path}: all is graded")
    elif known:
        _say(f"{known} of {total} were graded before; --resume would take them from the journal {journal.path}")


def say_stopped(journal: Journal, done: int, total: int) -> None:
    """Tell on stderr how far a run came that was stopped, and how it goes on."""
    told = f"stopped; {done} of {total} were graded"
    kept = journal.path is not None and not journal.broken
    _say(f"{told}; the same command with --resume grades the rest" if kept else told)


def say_unwritten(journal: Journal) -> None:
    """Tell on stderr how to get a file that could not be written, without grading all of it again."""
    if journal.path is not None and not journal.broken:
        _say("what was graded is kept: once that is mended the same command with --resume writes it in a moment")


def say_broken(journal: Journal) -> None:
    """Tell on stderr when not all could be written down."""
    if journal.broken and journal.path is not None:
        _say(f"the journal {journal.path} could not be written ({journal.broken}): --resume will grade the rest again")


def _opened(path: Path, seal: Seal) -> Journal:
    journal = Journal.open(path, seal)
    if journal.unknown:
        lines = "1 line" if journal.unknown == 1 else f"{journal.unknown} lines"
        _say(f"{lines} of the journal {path} cut off, or not written by you on this machine: not believed")
    if not seal.lasting:
        _say("this machine keeps no seal for you (no folder ~/.local/state): no later run will believe this journal")
    return journal


def _usual(name: str) -> Path:
    """Its place, in a folder that stays out of version control.  Raises `JournalRefused`."""
    try:
        FOLDER.mkdir(exist_ok=True)
        with suppress(FileExistsError), (FOLDER / ".gitignore").open("x") as ignoring:  # not through a link
            ignoring.write("# What `workshop grade --resume` goes on with.\n*\n")
    except OSError as error:
        text = f"no journal can be kept in {FOLDER}: {error.strerror or error}"
        raise JournalRefused(text, remedy="name another place with --journal FILE") from error
    return FOLDER / f"{re.sub(r'[^A-Za-z0-9._-]', '-', name)}.journal"


def _say(text: str) -> None:
    click.echo(f"workshop: {text}", err=True)
