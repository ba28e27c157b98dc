"""The parts of the site for people who teach, in the order they are registered."""

from webapp.authoring import adopting_views, editor_views, version_views  # noqa: F401 (their routes are the blueprint's)
from webapp.authoring.views import authoring
from webapp.tasks.views import tasks
from webapp.teach.analysis.views import analysis
from webapp.teach.appeals.views import requests
from webapp.teach.assignments import extension_views, item_views  # noqa: F401 (their routes are the blueprint's)
from webapp.teach.assignments.views import assignments
from webapp.teach.courses.views import courses
from webapp.teach.gradebook.views import gradebook
from webapp.teach.log.views import log
from webapp.teach.overrides.views import overrides
from webapp.teach.people.blueprint import people
from webapp.teach.regrades.views import regrades
from webapp.teach.review.phrasing_views import phrasing
from webapp.teach.review.views import review
from webapp.teach.similarity.views import similarity
from webapp.teach.uploads.views import uploads
from webapp.teach.variants.views import variants
from webapp.teach.viewing.views import viewing
from webapp.teach.views import teach

BLUEPRINTS = (
    teach,
    gradebook,
    tasks,
    similarity,
    uploads,
    regrades,
    overrides,
    requests,
    people,
    courses,
    log,
    assignments,
    viewing,
    variants,
    authoring,
    analysis,
    review,
    phrasing,
)
