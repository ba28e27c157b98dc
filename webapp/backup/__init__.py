"""A whole workshop in one file, from either database and into either: `workshop backup` and `workshop restore`.

The file is a zip: `manifest.json` says which tables it holds, of which version, how many rows and with which SHA-256;
`tables/NAME.jsonl` has a JSON object for each row.  Nothing in it is ever run.
"""
