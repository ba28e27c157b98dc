"""Who may look at banks and change them: they belong to the whole server, so any of its instructors may."""

from tests.webapp.reach import teaching

TABLE = {
    ("GET", "authoring.bank"): teaching(200, foreign=200),
    ("POST", "authoring.prove"): teaching(303, assistant=403, foreign=303),
    ("GET", "authoring.proof"): teaching(200, foreign=200),
    ("POST", "authoring.move_pins"): teaching(303, assistant=403, foreign=303),
}
