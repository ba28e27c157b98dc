"""A course's file names the path that its map follows."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.webapp.test_course_map import HEAD, PATHS, item
from tests.webapp.test_courses import FILE, apply, lines, show
from webapp import banks
from webapp.models import Course
from webapp.models.times import utc_now

__all__ = ["apply", "show"]

WITH_PATH = FILE.replace("join_code: join-here", "join_code: join-here\npath: walk/short")


@pytest.fixture
def bank(world, tmp_path):
    """A bank that declares two paths."""
    folder = tmp_path / "walk"
    folder.mkdir()
    names = ("one", "two", "four", "five", "six")
    (folder / "walk.md").write_text(HEAD + PATHS + "## 节 | Section\n\n" + "".join(map(item, names)))
    with world.database.writing() as session:
        assert banks.load(session, folder, utc_now())[0].faults == ()


def test_a_path_is_kept_shown_and_taken_back(bank, apply, show, database):
    assert "~ course here: path" not in apply(WITH_PATH).stdout
    assert "path: walk/short\n" in show()
    assert apply(show()).stdout == apply(show()).stdout
    assert "~ course here: path walk/short → walk/backwards" in lines(apply(WITH_PATH.replace("short", "backwards")))
    assert "~ course here: path walk/backwards → none" in lines(apply(FILE))
    with database.reading() as session:
        assert session.scalars(select(Course.path).where(Course.key == "here")).one() is None
    assert "path" not in show()


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("walk/shrot", ":5: the bank walk has no path 'walk/shrot'; did you mean 'walk/short'?"),
        ("wlak/short", ":5: no bank is called 'wlak' (workshop bank load PATH brings one in)"),
        ("small/short", ":5: the bank small declares no path: write a `yaml path` into it, or leave path out here"),
    ],
)
def test_a_path_that_nobody_declares_is_a_fault_with_its_line(bank, apply, path, told):
    result = apply(WITH_PATH.replace("walk/short", path), code=1)
    assert told in repr(result.exception) + result.output
