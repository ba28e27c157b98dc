"""The submission run by itself, as `python submission.py` would: evidence for whoever pressed Run, never a score."""

from __future__ import annotations

from grader import words
from grader.examiner import candidates
from grader.examiner.remote_errors import CandidateLost, RemoteError
from grader.examiner.spec import Assignment, SuiteSpec
from grader.scoring import Ending
from grader.verdict import Program, ProgramStatus, Raised, Words
from sandbox.client import Connection

_STATUS = {
    Ending.NORMAL: ProgramStatus.FINISHED,
    Ending.TIMEOUT: ProgramStatus.TIMEOUT,
    Ending.MEMORY: ProgramStatus.MEMORY,
    Ending.CRASHED: ProgramStatus.CRASHED,
}


def run(spec: SuiteSpec, connection: Connection, assignment: Assignment) -> Program:
    """Run the source in a candidate of its own.  Raises as `candidates.opened` does."""
    limits = candidates.limits_of(spec, spec.program_seconds)
    raised: Raised | None = None
    with candidates.opened(connection, limits) as candidate:
        link = candidates.link_to(candidate, limits, assignment.seed)
        try:
            link.run(assignment.source, candidates.told_of(limits))
        except RemoteError as error:
            raised = None if error.out_of_memory else error.raised
        except CandidateLost:
            pass
        ended = candidates.end(link, candidate)
    if raised is not None:
        return Program(ProgramStatus.ERROR, candidates.output_of(link), words.program_raised(raised), raised)
    at = candidates.lines_at_the_end(link, assignment.source) if ended.ending is Ending.TIMEOUT else ()
    explanation = {
        Ending.NORMAL: Words("", ""),
        Ending.TIMEOUT: words.program_timed_out(spec.program_seconds, at),
        Ending.MEMORY: words.program_out_of_memory(spec.memory_mb),
        Ending.CRASHED: words.program_crashed(ended.how),
    }[ended.ending]
    return Program(_STATUS[ended.ending], candidates.output_of(link), explanation, at=at)


def as_loaded(raised: Raised | None) -> Program:
    """What running a source does that only defines things: what loading it for the tests did."""
    if raised is None:
        return Program(ProgramStatus.FINISHED)
    return Program(ProgramStatus.ERROR, explanation=words.program_raised(raised), exception=raised)
