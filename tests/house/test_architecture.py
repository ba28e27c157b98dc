"""Imports go one way (DESIGN §2); `make lint` says which line breaks a contract."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_pure_parts_of_the_grader_start_without_an_engine() -> None:
    code = (
        "import sys, grader.verdict, grader.errors, grader.scoring, grader.documents, grader.words, grader.rubric\n"
        "engines = {'torch', 'numpy', 'flask', 'sqlalchemy', 'pytest'}\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & engines))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reading_a_bank_starts_without_an_engine() -> None:
    code = "import sys, questions; print('torch' in sys.modules, 'flask' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"


def test_the_command_line_names_its_commands_without_an_engine() -> None:
    code = "import sys, grader.cli; print('torch' in sys.modules, 'flask' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"


def test_trees_are_made_undisturbed_by_other_threads() -> None:
    """A worker's threads grade at once, and Python 3.11 breaks off one of two trees that are made at once."""
    alone = {
        "questions/python_code.py",  # where it is done
        "grader/examiner/collection.py",  # undisturbed there
        "grader/pytest_plugin.py",  # at the start of a command line
        "sandbox/sources.py",  # in the jail
    }
    folders = ("questions", "grader", "sandbox", "webapp")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    making = {str(file.relative_to(ROOT)) for file in files if "ast.parse(" in file.read_text(encoding="utf-8")}
    assert making - alone == set()
