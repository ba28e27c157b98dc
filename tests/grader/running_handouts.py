"""Run by tests/grader/test_export_shipped.py in a process of its own: an exported folder on many files, one fork each.

Arguments: the folder, then files.  Prints for each its name and how pytest ended: 0 when every test passed, 1 when not.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
import torch


def run(folder: Path, source: Path) -> int:
    """How pytest ends on the folder with `source` as the student's file, in this process."""
    own = Path(tempfile.mkdtemp(dir=folder.parent))
    shutil.copytree(folder, own, dirs_exist_ok=True)
    student = next(path for path in own.glob("*.py") if path.name not in ("conftest.py", "test_public.py"))
    shutil.copy(source, student)
    os.chdir(own)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    arguments = ["-q", "-x", "-p", "no:cacheprovider", "--rootdir", str(own), "-c", os.devnull, str(own)]
    return int(pytest.main(arguments))


def main() -> None:
    """One fork after the other."""
    torch.set_num_threads(1)
    torch.testing.assert_close(torch.ones(1), torch.ones(1))  # the first one imports a lot
    gc.freeze()
    folder, sources = Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]
    for source in sources:
        child = os.fork()
        if child == 0:
            status = 99
            sys.path.insert(0, str(source.parent / "modules"))
            try:
                status = run(folder, source)
            finally:
                os._exit(status)
        print(source.stem, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
