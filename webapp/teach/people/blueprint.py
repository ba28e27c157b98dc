"""The blueprint with all its routes."""

from webapp.teach.people import importing, views

people = views.people
__all__ = ["importing", "people"]
