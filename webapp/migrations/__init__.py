"""The history of the tables, run by `workshop db upgrade`."""
