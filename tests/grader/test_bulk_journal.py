"""The journal: what is in it counts when it is whole and ours, and nothing else does."""

import json
import os
import resource
import stat

import pytest

from grader.bulk import journal as journals
from grader.bulk.contents import held
from grader.bulk.journal import TITLE, Journal, JournalRefused
from grader.bulk.model import Submission
from grader.bulk.problems import Problem
from grader.bulk.results import Results
from grader.bulk.seal import Seal, own_seal
from grader.bulk.sources import Terms, sources_of
from grader.verdict import Output, Status, Verdict

SEAL = Seal(b"s" * 32)


@pytest.fixture
def item(make_item):
    return make_item()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.journal"


def sources(item, count, name="{}.py"):
    return sources_of([Submission(name.format(n), held(b"%d" % n), item=item) for n in range(count)], Terms())


def verdict(item, status=Status.PASSED, printed=""):
    return Verdict(
        f"{item.bank}/{item.id}", item.revision, item.suite, "1", 0, status, 1.0, 10.0, output=Output(printed)
    )


def filled(path, item, count=3, printed=""):
    """The sources of a journal that holds a verdict for each."""
    journal = Journal.open(path, SEAL)
    found = sources(item, count)
    for source in found:
        journal.keep(source, verdict(item, printed=printed))
    journal.close()
    return found


def test_what_was_kept_is_there_again_and_only_for_its_owner_to_read(path, item):
    found = filled(path, item)
    journal = Journal.open(path, SEAL)
    assert [journal.verdict(source.key) for source in found] == [verdict(item)] * 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [json.loads(line)["path"] for line in path.read_text().splitlines()[1:]] == ["0.py", "1.py", "2.py"]


@pytest.mark.parametrize("cut", [1, 40, 100])
def test_a_torn_line_counts_for_nothing_and_spoils_nothing(path, item, cut):
    found = filled(path, item)
    os.truncate(path, path.stat().st_size - cut)
    journal = Journal.open(path, SEAL)
    assert [source.key in journal for source in found] == [True, True, False]
    assert journal.unknown == 1
    journal.keep(found[2], verdict(item, Status.FAILED))
    journal.close()
    again = Journal.open(path, SEAL)
    assert [again.verdict(source.key).status for source in found] == ["passed", "passed", "failed"]
    assert again.unknown == 0


def test_every_cut_of_a_journal_leaves_what_is_whole(path, item):
    found = filled(path, item)
    whole = path.read_bytes()
    ends = [place for place, letter in enumerate(whole, 1) if letter == 10]
    for size in [*range(0, len(TITLE) + 2), *(end + step for end in ends for step in (-1, 0, 1))]:
        path.write_bytes(whole[:size])
        journal = Journal.open(path, SEAL)
        assert sum(source.key in journal for source in found) == sum(end <= size for end in ends[1:])
        journal.close()
        assert path.read_bytes() == max((whole[:end] for end in ends if end <= size), key=len, default=TITLE)


def test_nobody_else_s_line_is_believed_nor_one_that_was_changed(path, item):
    found = filled(path, item)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b'"score": 1.0', b'"score": 9.0')
    lines[2] = lines[2].replace(b'"path": "1.py"', b'"path": "2.py"')
    path.write_bytes(b"".join(lines))
    journal = Journal.open(path, SEAL)
    assert [source.key in journal for source in found] == [False, False, True]
    journal.close()
    journal = Journal.open(path, Seal(b"t" * 32))
    assert (journal.unknown, [source.key in journal for source in found]) == (3, [False] * 3)


def test_why_something_failed_is_kept_and_it_is_tried_again(path, item):
    source = sources(item, 1)[0]
    journal = Journal.open(path, SEAL)
    journal.note(source, "the sandbox is gone")
    journal.close()
    assert json.loads(path.read_text().splitlines()[1])["problem"] == "the sandbox is gone"
    journal = Journal.open(path, SEAL)
    assert source.key not in journal
    assert journal.unknown == 0


def test_a_journal_that_is_mostly_past_is_made_shorter(path, item, monkeypatch):
    monkeypatch.setattr(journals, "WORTH_CLEARING", 1000)
    for _ in range(5):
        found = filled(path, item, printed="x" * 500)
    assert len(path.read_bytes().splitlines()) > 1 + 3
    journal = Journal.open(path, SEAL)
    assert len(path.read_bytes().splitlines()) == 1 + 3
    with pytest.raises(JournalRefused, match="another run"):
        Journal.open(path, SEAL)
    journal.keep(found[0], verdict(item, Status.FAILED))
    journal.close()
    journal = Journal.open(path, SEAL)
    assert [journal.verdict(source.key).status for source in found] == ["failed", "passed", "passed"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == [path.name]


def test_a_full_disk_ends_the_journal_and_not_the_run(path, item):
    found = sources(item, 3)
    journal = Journal.open(path, SEAL)
    journal.keep(found[0], verdict(item))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100, before[1]))
    try:
        journal.keep(found[1], verdict(item, Status.FAILED))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    journal.keep(found[2], verdict(item, Status.PARTIAL))
    assert journal.broken == "File too large"
    assert [journal.verdict(source.key).status for source in found] == ["passed", "failed", "partial"]
    journal.close()
    journal = Journal.open(path, SEAL)
    assert [source.key in journal for source in found] == [True, False, False]


@pytest.mark.parametrize("kind", ["folder", "fifo", "link", "other"])
def test_what_is_no_journal_is_refused(path, kind):
    other = path.with_name("other")
    other.write_bytes(TITLE if kind == "link" else b"mine\n")
    match kind:
        case "folder":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "link":
            path.symlink_to(other)
        case _:
            path = other
    with pytest.raises(JournalRefused):
        Journal.open(path, SEAL)
    assert other.read_bytes() == (TITLE if kind == "link" else b"mine\n")


def test_only_some_verdicts_are_held_and_the_others_come_from_the_journal(item, monkeypatch):
    monkeypatch.setattr("grader.bulk.results.HELD_BYTES", 5000)
    submissions = [Submission(f"{n}.py", held(b"%d" % (n // 2)), item=item) for n in range(40)]
    submissions.insert(1, Submission("none.py", held(b""), Problem("无法读取", "cannot be read")))
    journal = Journal.passing(SEAL)
    results = Results(submissions, journal)
    assert [result.problem.en for result in results] == ["cannot be read"]
    for source in reversed(sources_of(submissions, Terms())):
        each = verdict(item, printed=source.submission.path)
        results.judged(source, each, journal.keep(source, each))
    assert len(results._held) < 15
    assert [result.path for result in results] == [submission.path for submission in submissions]
    assert [result.verdict.output.stdout for result in results if result.verdict][:3] == ["0.py", "0.py", "2.py"]
    assert [result.same_as for result in results][:5] == ["", "", "0.py", "", "2.py"]
    assert [result.path for result in results[-2:]] == ["38.py", "39.py"]


def test_a_seal_is_made_once_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    seal = own_seal()
    assert (seal, seal.lasting) == (own_seal(), True)
    kept = tmp_path / "workshop" / "journal-seal"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    kept.write_bytes(b"short")
    assert not own_seal().lasting
    monkeypatch.setenv("XDG_STATE_HOME", str(kept))
    assert not own_seal().lasting
