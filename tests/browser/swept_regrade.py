"""What the sweep over every page is told of notices, regrades and requests."""

from __future__ import annotations

VISITORS = {"notices": ("student", "instructor"), "second_look": ("student",)}
