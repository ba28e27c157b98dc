"""What of the gradebook is no page."""

NO_PAGES = {
    "gradebook.whole": "JSON",
    "gradebook.changes": "JSON",
    "gradebook.cell": "leads on",
    "gradebook.export": "an attachment",
}
VISITORS = {"gradebook": ("instructor",)}
