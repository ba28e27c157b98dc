"""The parts of the site for people who teach, in the order they are registered."""

from webapp.tasks.views import tasks
<<<<<<< HEAD
from webapp.teach.gradebook.views import gradebook
from webapp.teach.similarity.views import similarity
=======
from webapp.teach.uploads.views import uploads
>>>>>>> fd70931 (A class's files are handed in with a look before, and come back as results and feedback)
from webapp.teach.views import teach

BLUEPRINTS = (
    teach,
    gradebook,
    tasks,
<<<<<<< HEAD
    similarity,
=======
    uploads,
>>>>>>> fd70931 (A class's files are handed in with a look before, and come back as results and feedback)
)
