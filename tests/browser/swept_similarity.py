"""Pages on similarity, as the sweep of every page sees them."""

from typing import Any

NO_PAGES = {"similarity.table": "an attachment"}
VISITORS = {"similarity": ("instructor",)}


def prepare(site: Any, session: Any) -> dict[str, Any]:
    """Two alike submissions of the open item, compared."""
    from datetime import UTC, datetime

    from grader.similarity import Cluster, Pair, Report
    from webapp.models import Submission, Task, TaskState
    from webapp.teach.similarity.values import to_json
    from webapp.teach.similarity.work import KIND, subject

    first, second, third = (site.submissions[name] for name in ("sigmoid", "nan", "mask-leak"))
    item_id = session.get_one(Submission, first).assignment_item_id
    now = datetime.now(UTC)
    pairs = (
        Pair(first, second, 1.0, 1.0, 0.93, True, ("accumulated_rows", "mixing_share"), ("walk through the rows",)),
        Pair(first, third, 0.94, 0.31, 0.71, False),
        Pair(second, third, 0.48, 0.12, 0.4, False),
    )
    report = Report(3, pairs, (Cluster((first, second, third), 0.93),), left_out=2)
    session.add(
        Task(
            kind=KIND,
            subject=subject(item_id),
            course_id=site.course,
            parameters={"item_id": item_id},
            state=TaskState.DONE,
            result=to_json(report),
            created_at=now,
            begun_at=now,
            finished_at=now,
        )
    )
    return {"first": first, "second": third}
