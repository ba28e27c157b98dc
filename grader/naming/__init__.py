"""Whose file is it?  What the names of files say, as Canvas, Moodle, Gradescope and people write them.

    arranged = arrange(paths, metadata, roster)     # which layout, and which files belong to one person
    match = roster.match(party.clues)               # who that is, by what, or who it may be
    choice = choose(party.paths, Wanted.CODE, item) # which of the files counts

Everything is a guess with a stated reason: nothing is taken for certain that two readings contradict, and likeness
alone only ever suggests.
"""

from grader.naming.choosing import Choice, Chosen, Wanted, choose
from grader.naming.contents import Judged, judged
from grader.naming.layouts import Arrangement, Layout, Party, arrange, authoritative
from grader.naming.matching import By, Clue, ClueKind, Match, Roster, Student

__all__ = [
    "Arrangement",
    "By",
    "Choice",
    "Chosen",
    "Clue",
    "ClueKind",
    "Judged",
    "Layout",
    "Match",
    "Party",
    "Roster",
    "Student",
    "Wanted",
    "arrange",
    "authoritative",
    "choose",
    "judged",
]
