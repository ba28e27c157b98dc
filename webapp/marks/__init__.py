"""Everything that moves a mark goes through here, so that what is worked out from marks moves with it.

`giving` gives marks and lets them follow when points or dates change, `standings` and `facts` keep what pages over a
whole class read.
"""

from webapp.marks import facts, standings
from webapp.models import Database
from webapp.models.times import utc_now


def complete(database: Database) -> None:
    """Work out what a database from before there were standings and facts lacks; in one that is complete, nothing."""
    with database.reading() as session:
        lacks_standings = standings.missing(session)
    if lacks_standings:
        with database.writing() as session:
            standings.rebuild(session, utc_now())
    with database.reading() as session:
        lacks_facts = facts.missing(session)
    while lacks_facts:
        with database.writing() as session:
            lacks_facts = facts.complete(session) > 0
