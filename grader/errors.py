"""The one root of errors that are ours; a student's failure is data and never raised."""


class WorkshopError(Exception):
    """Something the platform could not do.  `str()` is one line for a person; `remedy` says what to do about it."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class BankFault(WorkshopError):
    """The bank's own code misbehaved (endless, crashed, not importable): the item cannot be judged until mended."""


class Ungradable(WorkshopError):
    """The platform failed while judging; the submission is kept and graded again."""
