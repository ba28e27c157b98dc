"""A submission in, a verdict out: every status, and what a verdict may say."""

import dataclasses
import json
import signal

import pytest

from grader.documents import verdict_from_json, verdict_to_json
from grader.errors import BankFault
from grader.grading import Engine, Grader, Scope
from grader.verdict import Status, TestStatus
from grader.words import told


def statuses(verdict):
    return {test.name: test.status.value for test in verdict.tests}


RIGHT = "def double(x):\n    return x + x\n"


def test_a_right_submission_gets_full_marks(grade):
    verdict = grade(RIGHT)
    assert (verdict.status, verdict.score, verdict.max_score) == (Status.PASSED, 10, 10)
    assert statuses(verdict) == {"test_two": "passed", "test_many": "passed", "test_secret": "passed"}
    assert verdict.resources.peak_memory > 0
    assert verdict.item == "small/double"


def test_a_misconception_is_named_and_drawn(grade):
    verdict = grade("def double(x):\n    return x ** 2\n")
    assert (verdict.status, verdict.score) == (Status.PARTIAL, 2)
    assert [found.misconception for found in verdict.diagnosis] == ["square"]
    failed = verdict.tests[1]
    assert failed.comparison.kind == "close"
    assert failed.comparison.expected.shape == failed.comparison.actual.shape == (3, 4)
    assert len(failed.comparison.worst) == 2
    assert "not close" in failed.message


def test_run_tests_public_ones_only(grade):
    verdict = grade(RIGHT, scope=Scope.PUBLIC)
    assert statuses(verdict) == {"test_two": "passed", "test_many": "passed"}
    assert verdict.max_score == 5


def test_what_the_submission_raises_is_told_with_its_own_line(grade):
    verdict = grade("def double(x):\n    y = x\n    return y.nope\n")
    assert verdict.status is Status.FAILED
    assert verdict.tests[0].status is TestStatus.ERROR
    assert verdict.tests[0].exception.type == "AttributeError"
    assert verdict.tests[0].exception.lines == (3,)
    assert "nope" in verdict.tests[0].message


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def double(x)\n    return x", "syntax error on line 1"),
        ("import pandas\ndef double(x): return x", "standard library, torch, numpy, einops"),
        ("def Double(x): return x", "does not define `double`. It does define `Double`"),
        ("x = undefined_name", "NameError"),
        (b"\xff\xfe\x00", "not UTF-8"),
        ("", "does not define"),
        ("raise SystemExit", "SystemExit"),
        ("#" * 300_000, "larger than"),
    ],
)
def test_code_that_cannot_be_loaded_is_an_error_that_says_why(grade, source, says):
    verdict = grade(source)
    assert verdict.status is Status.ERROR
    assert verdict.score == 0
    assert says in verdict.explanation.en
    assert verdict.explanation.zh
    assert set(statuses(verdict).values()) == {"not-run"}


def test_tests_passed_before_a_timeout_keep_their_points(grade, make_item):
    item = make_item(seconds=0.5)
    verdict = grade("def double(x):\n    while x.numel() > 1: pass\n    return 2 * x", item)
    assert (verdict.status, verdict.score) == (Status.TIMEOUT, 2)
    assert statuses(verdict) == {"test_two": "passed", "test_many": "error", "test_secret": "not-run"}
    assert "0.5 s" in verdict.explanation.en


def test_sleeping_forever_meets_the_wall_limit(grade, make_item):
    verdict = grade("import time\ntime.sleep(1000)", make_item(seconds=0.2))
    assert verdict.status is Status.TIMEOUT
    assert verdict.resources.wall_seconds < 4


def test_too_much_memory_is_named(grade):
    verdict = grade("import torch\ndef double(x):\n    y = torch.ones(10**10)\n    return y")
    assert verdict.status is Status.MEMORY
    assert "512 MB" in verdict.explanation.en
    verdict = grade("def double(x):\n    return [0] * 10**10")
    assert verdict.status is Status.MEMORY


def test_an_exit_is_a_crash(grade):
    verdict = grade("import os\ndef double(x):\n    os._exit(7)")
    assert verdict.status is Status.CRASHED
    assert "exit status 7" in verdict.explanation.en


def test_output_is_kept_up_to_its_cap_and_the_rest_counted(grade):
    verdict = grade("import sys\nprint('hello 你好')\nprint('x' * 100_000, file=sys.stderr)\n" + RIGHT)
    assert verdict.status is Status.PASSED
    assert verdict.output.stdout == "hello 你好\n"
    assert len(verdict.output.stderr) == 65536
    assert verdict.output.stderr_dropped == 100_001 - 65536


def test_output_survives_a_crash(grade):
    verdict = grade("import os\nprint('so far')\nos._exit(1)")
    assert verdict.output.stdout == "so far\n"


def test_hidden_tests_keep_their_inputs(grade):
    source = """
def double(x):
    if x.shape == (5,):
        print("SECRET", x.tolist())
        raise type("Leak" + str(int(x[0] > 0)), (ValueError,), {})(f"SECRET {x.tolist()}")
    return 2 * x
"""
    verdict = grade(source)
    hidden = verdict.tests[2]
    assert (hidden.status, hidden.message, hidden.exception, hidden.comparison) == (
        TestStatus.ERROR, "ValueError", None, None,
    )  # fmt: skip
    assert "SECRET" not in json.dumps(verdict_to_json(verdict))
    assert "Leak" not in json.dumps(verdict_to_json(verdict))


def test_a_verdict_survives_its_document(grade):
    for source in (RIGHT, "def double(x):\n    return x ** 2", "def double(x) return"):
        verdict = grade(source)
        assert verdict_from_json(json.loads(json.dumps(verdict_to_json(verdict)))) == verdict


def test_the_same_seed_gives_the_same_verdict(grade):
    source = "import torch\ndef double(x):\n    return 2 * x + torch.rand(()) * 1e-3"
    one, two = grade(source, seed=5), grade(source, seed=5)
    other = grade(source, seed=6)

    def timeless(verdict):
        return [dataclasses.replace(test, seconds=0) for test in verdict.tests]

    assert timeless(one) == timeless(two)
    assert timeless(one) != timeless(other)


def test_line_ends_encodings_and_marks_do_not_matter(grade):
    assert grade(RIGHT.replace("\n", "\r\n")).status is Status.PASSED
    assert grade(b"\xef\xbb\xbf" + RIGHT.encode()).status is Status.PASSED
    gbk = b"# -*- coding: gbk -*-\n# " + "中文".encode("gbk") + b"\n" + RIGHT.encode()
    assert grade(gbk).status is Status.PASSED


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("    import os\n    os._exit(1)", "ended its own process"),
        ("    raise SystemExit", "SystemExit"),
    ],
)
def test_bank_code_that_misbehaves_is_the_banks_fault(grade, make_item, body, says):
    tests = f'@pytest.mark.points(10)\ndef test_bad(submission):\n    """Bad."""\n{body}'
    with pytest.raises(BankFault, match=says):
        grade(RIGHT, make_item(tests))
    assert grade(RIGHT).status is Status.PASSED


@pytest.mark.parametrize(
    "reach",
    [
        "open('/etc/passwd')",
        "open('/proc/self/environ')",
        "open('/tmp/left-behind', 'w')",
        "__import__('socket').socket()",
        "__import__('socket').create_connection(('127.0.0.1', 80))",
        "__import__('os').fork()",
        "__import__('os').kill(__import__('os').getppid(), 9)",
        "__import__('subprocess').run(['true'])",
        "__import__('os').listdir('/')",
        f"open({__file__!r})",
    ],
)
def test_bank_code_reaches_nothing(grade, make_item, reach):
    tests = f'''
@pytest.mark.points(10)
def test_reach(submission):
    """Reach."""
    with pytest.raises(OSError):
        {reach}
'''
    assert grade(RIGHT, make_item(tests)).status is Status.PASSED


def test_an_endless_suite_is_the_banks_fault(grade, make_item):
    tests = '@pytest.mark.points(10)\ndef test_endless(submission):\n    """Endless."""\n    while True:\n        pass'
    with pytest.raises(BankFault, match="test_endless ran for more than"):
        grade(RIGHT, make_item(tests, seconds=0.3))


def test_a_skipped_or_swallowed_failure_earns_nothing(grade, make_item):
    tests = '''
@pytest.mark.points(4)
def test_skips(submission):
    """Skips."""
    pytest.skip("no")


@pytest.mark.points(6)
def test_swallows(submission):
    """Swallows."""
    try:
        submission.double(torch.ones(1))
    except Exception:
        pass
'''
    verdict = grade("import os\ndef double(x):\n    os._exit(0)", make_item(tests))
    assert verdict.score == 0
    assert verdict.status is Status.CRASHED


def test_parametrised_cases_count_as_one_test(grade, make_item):
    tests = '''
@pytest.mark.points(10)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_sizes(submission, n):
    """Any size."""
    assert submission.double(torch.ones(n)).tolist() == [2.0] * n
'''
    item = make_item(tests)
    assert grade(RIGHT, item).score == 10
    verdict = grade("def double(x):\n    return 2 * x if len(x) < 3 else x", item)
    assert (verdict.score, len(verdict.tests)) == (0, 1)
    assert verdict.tests[0].message.startswith("assert [1.0, 1.0, 1.0] == [2.0, 2.0, 2.0]")


def test_shapes_are_told_by_their_letters(grade, make_item):
    tests = '''
@pytest.mark.points(10)
def test_shape(submission):
    """Shape."""
    assert_shape(submission.double(torch.ones(2, 3)), "B D", B=2, D=3)
'''
    verdict = grade("def double(x):\n    return x.t()", make_item(tests))
    assert verdict.tests[0].message == "形状应为 (B=2, D=3)，实为 (3, 2)。 | expected shape (B=2, D=3), got (3, 2)"
    comparison = verdict.tests[0].comparison
    assert (comparison.kind, comparison.labels, comparison.expected.shape, comparison.actual.shape) == (
        "shape", ("B", "D"), (2, 3), (3, 2),
    )  # fmt: skip


def test_a_banks_message_is_told_in_the_readers_language():
    message = "形状不对 | The shape is wrong\nassert 1 == 2"
    assert told(message, "zh") == "形状不对\nassert 1 == 2"
    assert told(message, "en") == "The shape is wrong\nassert 1 == 2"
    assert told("a | b", "en") == "a | b"


CHANGING = "import torch\ndef double(x):\n    with torch.no_grad():\n        x.zero_()\n    return x + 0\n"


def test_a_test_whose_tensors_were_changed_does_not_pass_unless_it_says_so(grade, make_item):
    natural = '''
KEPT = torch.ones(3)

def test_first(submission, reference):
    """One."""
    torch.testing.assert_close(submission.double(KEPT), reference.double(KEPT))

@pytest.mark.in_place
def test_second(submission):
    """Two."""
    assert submission.double(KEPT).sum() == 0 and KEPT.sum() == 0

def test_third(submission):
    """Three."""
    assert KEPT.sum() == 3'''
    item = make_item(tests=natural, points=3)
    for _ in range(2):
        verdict = grade(CHANGING, item)
        assert statuses(verdict) == {"test_first": "failed", "test_second": "passed", "test_third": "passed"}
    assert "modified in place" in verdict.tests[0].message


def test_an_argument_that_was_given_another_shape_was_changed_too(grade, make_item):
    item = make_item(
        tests='def test_it(submission):\n    """One."""\n    submission.double(torch.ones(2, 3))', points=1
    )
    for change in ("unsqueeze_(0)", "t_()", "squeeze_()"):
        verdict = grade(f"def double(x):\n    y = x * 2\n    x.{change}\n    return y", item)
        assert statuses(verdict) == {"test_it": "passed" if change == "squeeze_()" else "failed"}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ("given.pop('a')", "failed"),
        ("given['cache'] = []", "failed"),
        ("given['a'] = given['a'] * 1", "failed"),
        ("given['rows'].append(None)", "failed"),
        ("given['rows'][0]['kept'] = 1", "failed"),
        ("given['rows'].clear()", "failed"),
        ("given['a'].cache = []", "failed"),
        ("given['a'] = given.pop('a')", "passed"),
        ("given['rows'].reverse(); given['rows'].reverse()", "passed"),
        ("given = {**given, 'cache': []}; rows = [*given['rows'], 1]", "passed"),
    ],
)
def test_a_dict_or_a_list_with_other_entries_was_changed_too(grade, make_item, change, status):
    test = 'def test_it(submission):\n    """One."""\n    given = {"a": torch.ones(2), "rows": [{}, {}]}\n'
    test += "    assert submission.double(given).sum() == 4"
    source = f"def double(given):\n    result = given['a'] * 2\n    {change}\n    return result"
    assert statuses(grade(source, make_item(tests=test, points=1))) == {"test_it": status}


def test_an_examiner_ended_from_outside_costs_nothing(make_item):
    with Grader() as grader:
        for _ in range(3):
            assert grader.grade(make_item(), RIGHT.encode(), seed=0).status is Status.PASSED
            (examiner,) = grader._examiners.values()
            signal.pidfd_send_signal(examiner._pidfd, signal.SIGKILL)


def test_a_grader_outlives_the_processes_it_uses(make_item):
    """The kernel may end one for want of memory: nothing after that is the bank's fault or ungradable."""
    with Grader(engine := Engine()) as grader:
        assert grader.grade(make_item(), RIGHT.encode(), seed=0).status is Status.PASSED
        for victim in (engine._sandbox._host._process, engine._examiners._process):
            victim.kill()
            victim.wait()
            assert grader.grade(make_item(), RIGHT.encode(), seed=0).status is Status.PASSED
    engine.close()


def test_how_a_submission_ends_in_a_hidden_test_is_not_told(grade):
    source = "import os\ndef double(x):\n    if x.shape == (5,): os._exit(int(abs(x[0]) * 10) + 40)\n    return 2 * x\n"
    verdict = grade(source)
    assert verdict.status is Status.CRASHED
    assert "hidden test" in verdict.explanation.en
    assert not any(letter.isdigit() for letter in verdict.explanation.en + verdict.explanation.zh)
