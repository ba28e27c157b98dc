"""Short answers, marked key point by key point from what they claim.  Pure: no torch, no database, no clock.

The way of an answer: `plain` (dressing off) → `sentences` (split, subjects carried) → `asides` (what is no answer) →
`polarity` (who denies what) → `rules` and `reading` (evidence) → `leftover` (what nothing explains) →
`deciding` (award and confidence) → `grading`.
"""

from grader.rubric.grading import grade_short_answer

__all__ = ["grade_short_answer"]
