"""Run: the submission as a program first, the public tests after, whatever became of it; and where time ran out."""

import pytest

from grader.grading import Scope
from grader.verdict import ProgramStatus, Status, TestStatus

RIGHT = "def double(x):\n    return x + x\n"
MAIN = f"{RIGHT}\n\nif __name__ == '__main__':\n"


@pytest.fixture
def run(grade, make_item):
    """A verdict of Run, with a limit that endless programs soon meet."""

    def run(source, seconds=1.2):
        return grade(source, make_item(seconds=seconds), scope=Scope.PUBLIC, program=True)

    return run


def test_the_main_block_runs_and_shows_what_it_prints(run):
    prints = "    import sys\n    print('twice', double(4), sys.argv)\n    print('careful', file=sys.stderr)\n"
    verdict = run(MAIN + prints)
    assert verdict.status is Status.PASSED
    assert verdict.program.status is ProgramStatus.FINISHED
    assert verdict.program.output.stdout == "twice 8 ['submission.py']\n"
    assert verdict.program.output.stderr == "careful\n"
    assert verdict.output.stdout == ""  # the tests' candidate never enters the block


def test_what_the_main_block_leaves_does_not_reach_the_tests(run):
    right_in_main = "if __name__ == '__main__':\n    def double(x):\n        return 2 * x\n"
    verdict = run(f"def double(x):\n    return x\n\n\n{right_in_main}")
    assert verdict.program.status is ProgramStatus.FINISHED
    assert verdict.score == 0


def test_a_program_that_loops_costs_the_tests_nothing(run):
    verdict = run(MAIN + "    while True:\n        pass\n")
    assert (verdict.status, verdict.score) == (Status.PASSED, 5)
    assert verdict.program.status is ProgramStatus.TIMEOUT
    assert verdict.program.at in {(6,), (7,)}
    assert f"in line {verdict.program.at[-1]}" in verdict.program.explanation.en
    assert f"第 {verdict.program.at[-1]} 行" in verdict.program.explanation.zh


def test_a_program_that_raises_shows_its_own_lines(run):
    verdict = run(MAIN + "    def inner():\n        return double(1) / 0\n    inner()\n")
    assert verdict.status is Status.PASSED
    program = verdict.program
    assert (program.status, program.exception.type, program.exception.lines) == (
        ProgramStatus.ERROR, "ZeroDivisionError", (8, 7),
    )  # fmt: skip


@pytest.mark.parametrize("ending", ["raise SystemExit", "raise SystemExit(0)", "import sys; sys.exit()", "exit(0)"])
def test_leaving_with_status_nought_is_a_normal_end(run, ending):
    assert run(MAIN + f"    print(1)\n    {ending}\n    print(2)\n").program.status is ProgramStatus.FINISHED


@pytest.mark.parametrize(("ending", "says"), [("exit(3)", "exit status 3"), ("exit('no data')", "exit status 1")])
def test_leaving_with_another_status_is_told(run, ending, says):
    program = run(MAIN + f"    {ending}\n").program
    assert program.status is ProgramStatus.ERROR
    assert says in program.explanation.en


def test_memory_and_crashes_are_told_and_the_tests_run(run):
    greedy = run(MAIN + "    x = [bytes(2**24) for _ in range(2**16)]\n")
    crashed = run(MAIN + "    import os\n    os._exit(7)\n")
    assert (greedy.program.status, greedy.status) == (ProgramStatus.MEMORY, Status.PASSED)
    assert (crashed.program.status, crashed.status) == (ProgramStatus.CRASHED, Status.PASSED)
    assert "exit status 7" in crashed.program.explanation.en


def test_who_prints_for_ever_is_told_that_there_was_more(run):
    program = run(MAIN + "    while True:\n        print('on and on')\n").program
    assert program.status is ProgramStatus.TIMEOUT
    assert len(program.output.stdout) == 65536
    assert program.output.stdout_dropped > 0
    assert program.output.stderr_dropped == 0


def test_a_source_that_only_defines_is_told_of_by_its_loading(run):
    assert run(RIGHT).program.status is ProgramStatus.FINISHED
    broken = run("def double(x:\n    return x\n")
    assert broken.status is Status.ERROR
    assert (broken.program.status, broken.program.exception) == (ProgramStatus.ERROR, broken.exception)


def test_nothing_is_run_by_itself_unless_it_is_asked_for_and_all_tests_are_public(grade, run):
    assert grade(MAIN, scope=Scope.PUBLIC).program is None
    assert grade(MAIN + "    pass\n", scope=Scope.ALL, program=True).program is None


# Where time ran out --------------------------------------------------------------------------------------------------


def test_a_timeout_names_the_line_it_was_in(grade, make_item):
    source = "def double(x):\n    y = x\n    return inner(y)\n\ndef inner(y):\n    while True: pass\n"
    verdict = grade(source, make_item(seconds=0.6))
    assert verdict.status is Status.TIMEOUT
    assert verdict.at == (3, 6)
    assert "It was still in line 6." in verdict.explanation.en
    assert "还在执行第 6 行" in verdict.explanation.zh


def test_so_does_a_loop_at_the_top_of_the_file_and_one_that_sleeps(grade, make_item):
    item = make_item(seconds=0.5)
    assert grade("import time\nwhile True: pass\n", item).at == (2,)
    asleep = grade("import time\ndef double(x):\n    time.sleep(60)\n", item)
    assert (asleep.status, asleep.at) == (Status.TIMEOUT, (3,))


def test_a_timeout_in_a_hidden_test_names_no_line(grade, make_item):
    source = "def double(x):\n    while x.shape == (5,): pass\n    return 2 * x\n"
    verdict = grade(source, make_item(seconds=0.6))
    assert (verdict.status, verdict.at) == (Status.TIMEOUT, ())
    assert [test.status for test in verdict.tests] == [TestStatus.PASSED, TestStatus.PASSED, TestStatus.ERROR]
    assert "line" not in verdict.explanation.en.replace("Look for a loop", "")


def test_a_first_try_is_told_nothing_of_lines(grade, make_item):
    verdict = grade("def double(x):\n    while True: pass\n", make_item(seconds=0.1))
    assert (verdict.status, verdict.at) == (Status.TIMEOUT, ())
