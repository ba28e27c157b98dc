"""Handing in for a class: files are received, matched to the roster and shown; once confirmed they are submissions."""
