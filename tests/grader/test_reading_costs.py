"""What reading costs, whoever wrote what is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.bulk.contents import Pile
from grader.bulk.interfaces import defined_names
from grader.errors import WorkshopError
from tests.archive_corpus import Packed as Entry
from tests.archive_corpus import ordinary, zipped
from tests.grader.handed_in import (
    CODE,
    SUM,
    lay,
    problems,
    read,
    students,
)
from tests.processor_time import processor_seconds

pytestmark = pytest.mark.usefixtures("banks_read_once")


def test_names_are_seen_as_python_sees_them() -> None:
    source = '''"""def quoted(): ..."""
import torch
x = "\\"def also(): ...\\n"  # class Comment: ...
async def wait(): ...
def plain(a="""
def inside(): ...
"""): ...
class Whole[T]: ...
typed: int = 3
typed == 4
'''
    assert defined_names(source) == {"x", "wait", "plain", "Whole", "typed"}
    assert defined_names("def broken(:\n  (((\nclass Late") == {"broken", "Late"}


@pytest.mark.parametrize(
    "piece",
    [
        '"""', '"', "'''", "\\", "\n", "def ", "async ", "a:", "#\n", '\\"""', '"""\\', "'\"", "((((", "class a",
        "a\n=", '"\\',
    ],
)
def test_hostile_sources_are_seen_through_in_no_time(piece: str) -> None:
    """Reading any of it twice would take minutes."""
    source = piece * (256 * 1024 // len(piece))
    assert processor_seconds(lambda: defined_names(source)) < 1.0


def test_a_thousand_files_are_read_in_well_under_a_second(tmp_path: Path) -> None:
    lay(tmp_path, {f"hw1_{20240000 + n}_name.py": f"{CODE}# {n}\n" + "# some words\n" * 200 for n in range(1000)})
    read(tmp_path / f"hw1_{20240000}_name.py")  # the bank, which takes as long however many they are
    assert processor_seconds(lambda: read(tmp_path)) < 1.0


def test_what_does_not_fit_into_memory_is_kept_on_disk_and_equal_texts_once() -> None:
    pile = Pile(in_memory=1000)
    texts = [bytes([65 + number % 26]) * 600 for number in range(60)]
    kept = [pile.keep(text) for text in texts]
    assert [each.read() for each in kept] == texts
    assert sum(each.held is not None for each in {each.digest: each for each in kept}.values()) == 1
    assert len({id(each) for each in kept}) == 26


def test_a_disk_that_is_full_is_said_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.pwrite", full)
    with pytest.raises(WorkshopError, match="do not fit") as error:
        Pile(in_memory=0).keep(b"x")
    assert "TMPDIR" in error.value.remedy


def test_an_archive_in_an_archive_is_held_only_up_to_its_limit(tmp_path: Path) -> None:
    inner = zipped(Entry(b"%d.py" % number, bytes(range(256)) * 4000) for number in range(80))
    path = lay(tmp_path, {"all.zip": zipped([Entry(b"eve.zip", inner), Entry(b"ann.py")])}) / "all.zip"
    found = read(SUM, path)
    assert students(found) == {"ann.py": "ann"}
    assert "eve.zip" in problems(found)


def test_an_archive_of_ordinary_files_is_read_like_its_folder(tmp_path: Path) -> None:
    path = lay(tmp_path, {"all.zip": ordinary("ann.py", "bob.py")}) / "all.zip"
    assert students(read(SUM, path)) == {"ann.py": "ann", "bob.py": "bob"}
