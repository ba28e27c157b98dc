"""Who may ask for what of the gradebook."""

from tests.webapp.reach import teaching

TABLE = {
    ("GET", "gradebook.whole"): teaching(200),
    ("GET", "gradebook.changes"): teaching(200),
    ("GET", "gradebook.cell"): teaching(302),
    ("GET", "gradebook.export"): teaching(200),
}
JSON_ROUTES = {"gradebook.whole", "gradebook.changes"}
