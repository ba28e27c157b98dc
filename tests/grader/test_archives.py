"""Archives that strangers made: each hostile one ends as it should, and what is read is what was put in."""

from __future__ import annotations

import io
import random
import resource
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader.archives import ArchiveRefused, File, Limits, Skipped, collect, is_archive, unpack
from grader.archives.model import SENTENCES, Reason
from grader.archives.names import hidden
from tests.archive_corpus import CASES, CODE, SMALL, Case, ordinary, tarred
from tests.processor_time import processor_seconds


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_archive_of_the_corpus_ends_as_it_should(case: Case) -> None:
    refused, found = None, []
    try:
        found = list(unpack(case.make(), SMALL))
    except ArchiveRefused as problem:
        refused = problem.reason
    assert refused == case.refused
    assert {each.path: each.reason for each in found if isinstance(each, Skipped)} == case.skipped
    assert tuple(each.path for each in found if isinstance(each, File)) == case.files


def test_what_is_read_is_what_was_put_in() -> None:
    [file] = unpack(ordinary("a.py"))
    assert file == File("a.py", CODE)
    [file] = unpack(io.BytesIO(tarred(("a.py", tarfile.REGTYPE, CODE), mode="w:gz")))
    assert file == File("a.py", CODE)


def test_of_one_name_twice_the_first_is_read() -> None:
    [case] = [case for case in CASES if case.name == "one-name-twice"]
    assert next(iter(unpack(case.make()))) == File("a.py", CODE)


@pytest.mark.parametrize("kind", ["w", "w:gz"])
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_tars_of_every_form_are_read(kind: str, form: int) -> None:
    packed, name = io.BytesIO(), "张伟/" + "n" * 70 + "/作业.py"
    with tarfile.open(fileobj=packed, mode=kind, format=form) as files:  # type: ignore[call-overload]
        entry = tarfile.TarInfo(name)
        entry.size = len(CODE)
        files.addfile(entry, io.BytesIO(CODE))
    assert list(unpack(packed.getvalue())) == [File(name, CODE)]


def test_zips_that_are_written_as_a_stream_are_read() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

        tell = seek

    packed = Pipe()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("a.py", CODE)
    assert list(unpack(packed.getvalue())) == [File("a.py", CODE)]


def test_a_directory_of_a_million_entries_is_not_read_to_its_end() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        files.writestr("a.py", CODE)
    plain = packed.getvalue()
    begin, end = plain.index(b"PK\1\2"), plain.rindex(b"PK\5\6")
    line = plain[begin:end]
    many = plain[:begin] + line * 400_000
    whole = many + plain[end : end + 12] + (len(line) * 400_000).to_bytes(4, "little") + begin.to_bytes(4, "little")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ArchiveRefused) as refused:
        list(unpack(whole + b"\0\0"))
    assert refused.value.reason is Reason.TOO_MANY
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_whatever_is_changed_in_an_archive_ends_in_words_or_files() -> None:
    """Four thousand mangled archives: no traceback, no file that is larger than the limit, no unsafe path."""
    dice = random.Random(7)
    seeds = [case.make() for case in CASES]
    seeds = [seed for seed in seeds if 0 < len(seed) < 20_000]
    for _ in range(4_000):
        mangled = bytearray(dice.choice(seeds))
        for _change in range(dice.randint(1, 6)):
            place = dice.randrange(len(mangled))
            mangled[place : place + dice.choice((1, 1, 4))] = dice.randbytes(dice.choice((1, 1, 2, 4)))
            if not mangled:
                break
        try:
            for each in unpack(bytes(mangled), SMALL):
                if isinstance(each, File):
                    assert len(each.content) <= SMALL.file_bytes
                    assert ".." not in each.path.split("/")
                    assert not each.path.startswith("/")
                    assert not any(hidden(letter) for letter in each.path)
        except ArchiveRefused:
            continue


def test_files_that_came_one_by_one_are_taken_by_the_same_rules() -> None:
    files = {
        "a.py": CODE, "../b.py": CODE, "A.py": CODE, "z.zip": ordinary("c.py"), "d/e.py": b"", "big.py": b"x" * 70_000,
        "broken.zip": ordinary("c.py")[:50],
    }  # fmt: skip
    found = list(collect([(name, io.BytesIO(content)) for name, content in files.items()], SMALL))
    assert [each.path for each in found if isinstance(each, File)] == ["a.py", "z.zip/c.py", "d/e.py"]
    assert {each.path: each.reason for each in found if isinstance(each, Skipped)} == {
        "../b.py": Reason.TRAVERSAL, "A.py": Reason.TWICE, "big.py": Reason.LARGE, "broken.zip": Reason.CUT_OFF,
    }  # fmt: skip
    assert list(collect([("z.zip", io.BytesIO(ordinary("c.py")))])) == [File("c.py", CODE)]


def test_every_reason_says_what_it_is_and_what_to_do() -> None:
    assert set(SENTENCES) == set(Reason)
    assert all(ArchiveRefused(case.refused).remedy for case in CASES if case.refused)


def test_archives_are_known_by_how_they_begin() -> None:
    assert is_archive(ordinary("a.py")[:512])
    assert is_archive(tarred(("a.py", b"0", CODE))[:512])
    assert not is_archive(CODE * 40)


def test_what_an_archive_inside_holds_counts_with_the_rest() -> None:
    inner = ordinary(*(f"{n}.py" for n in range(30)))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        for n in range(3):
            files.writestr(f"{n}.zip", inner)
    assert len(list(unpack(packed.getvalue(), Limits(entries=93)))) == 90
    with pytest.raises(ArchiveRefused):
        list(unpack(packed.getvalue(), Limits(entries=92)))


def test_a_name_that_nobody_could_read_is_not_normalised() -> None:
    marks = "\u0323\u0301" * 8_000
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        for number in range(20):
            files.writestr(f"{number}{marks}", b"")
    found: list[File | Skipped] = []
    assert processor_seconds(lambda: found.extend(unpack(packed.getvalue()))) < 1.0
    assert {each.reason for each in found if isinstance(each, Skipped)} == {Reason.LONG_NAME}


@pytest.mark.parametrize("size", [b"-0000001000", b"+0000001000", b"0000_001000", b"0x1000"])
def test_a_size_that_is_no_octal_number_ends_the_archive(size: bytes, tmp_path: Path) -> None:
    head = bytearray(tarred(("a.py", b"0", CODE))[:512])
    head[124:136] = size.ljust(12, b"\0")
    head[148:156] = b"%06o\0 " % (sum(head[:148]) + 8 * ord(" ") + sum(head[156:]))
    path = tmp_path / "eve.tar"
    path.write_bytes(bytes(head) + CODE.ljust(1024, b"\0"))
    with path.open("rb") as file, pytest.raises(ArchiveRefused):
        list(unpack(file))


def test_one_archive_inside_cannot_use_up_what_all_may_hold() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        files.writestr("ann.py", CODE)
        files.writestr("eve.zip", ordinary(*(f"{n}.py" for n in range(90))))
        files.writestr("bob.py", CODE)
    found = list(unpack(packed.getvalue(), Limits(entries=93, nested_entries=80)))
    assert [each.path for each in found if isinstance(each, File)] == ["ann.py", "bob.py"]
    assert Skipped("eve.zip", Reason.TOO_MANY) in found
