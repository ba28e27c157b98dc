"""Proofs kept from one run to the next: an item of which nothing that is tried has changed is not proved again.

Only a proof without a fault or remark is kept.  It holds for what `grader.reuse.tried` names, for this program's own
code, and for this release of torch; its file is named by the hash of all that, in a folder of the user's own.  What is
there is believed as much as the user is: it spares time at a desk, and decides nothing in the web application.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import tempfile
from functools import cache
from pathlib import Path

import grader
from grader.documents import NotThatDocument
from grader.proof import Proof, proof_from_json, proof_to_json
from grader.reuse import renewed, tried
from questions.model import Item

ROOMS = ("grader", "questions", "sandbox")
MOST_FILES = 2_000
MOST_BYTES = 1 << 20


class KeptProofs:
    """A folder of proofs; whatever cannot be read or written there is proved as if nobody had kept anything."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or proofs_folder()

    def get(self, item: Item) -> Proof | None:
        """The proof that was kept of such an item, with the lines where things stand now."""
        try:
            with self._file(item).open("rb") as file:
                proof = proof_from_json(json.loads(file.read(MOST_BYTES)))
        except (OSError, ValueError, RecursionError, NotThatDocument):
            return None
        names = tuple(column.name for column in proof.tests)
        if proof.findings or (proof.tests and names != tuple(spec.name for spec in item.test_specs)):
            return None
        return renewed(proof, item)

    def keep(self, item: Item, proof: Proof) -> None:
        """Keep `proof`, which was just made of `item`, if there is nothing to say of it."""
        if proof.findings:
            return
        file = self._file(item)
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room()
            descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=".new-")
            try:
                with open(descriptor, "w", encoding="utf-8") as written:
                    json.dump(proof_to_json(proof), written)
                os.replace(name, file)
            except OSError:
                os.unlink(name)
                raise

    def _file(self, item: Item) -> Path:
        said = repr((_program(), grader.version(), platform.machine(), tried(item, anywhere=True)))
        return self._folder / f"{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()}.json"

    def _make_room(self) -> None:
        """Forget those that were made longest ago."""
        files = [(found.stat().st_mtime, found) for found in self._folder.glob("*.json")]
        for _, file in sorted(files)[: max(0, len(files) - MOST_FILES + 1)]:
            file.unlink(missing_ok=True)


def proofs_folder() -> Path:
    """Where proofs are kept: `workshop/proofs` in the user's cache folder (XDG Base Directory Specification)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "workshop" / "proofs"


@cache
def _program() -> str:
    """A hash of the code that proves: a checkout changes without its version changing."""
    hashed = hashlib.sha256()
    here = Path(grader.__file__).parents[1]
    for room in ROOMS:
        for file in sorted((here / room).rglob("*.py")):
            hashed.update(f"{file.relative_to(here)}\0".encode() + file.read_bytes() + b"\0")
    return hashed.hexdigest()
