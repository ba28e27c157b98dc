"""Grading submissions once more, at a chosen revision, and applying of it what somebody chooses.  Knows no Flask.

Everything is on rows, and each step is one transaction over a few of them: `asking` makes a regrade and its lines,
`grading` gives each line its job, `lines` compares what came with what counts (`comparing` decides), `applying` moves
the marks of the lines that were chosen.  A process may be killed between any two steps; whoever comes next goes on.
"""
