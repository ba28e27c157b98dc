"""What an address may say: the number of a row, and where on this site to go next."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import quote, urlencode, urlsplit

from flask import Request
from werkzeug.routing import IntegerConverter

LARGEST_NUMBER = 1_999_999_999
"""Of a row; what no database column can hold (from 2 ** 31 on) must not reach one, and a pattern can say this bound."""


class RowNumber(IntegerConverter):
    """`<int:…>` in a route: a number that a row may have.  Another one is 404, like a row that is not there.

    The pattern alone refuses: where two routes share a path, a number refused later than that is 405 to werkzeug.
    """

    regex = "[0-9]{1,9}|1[0-9]{9}"


def row_number(text: str) -> int:
    """The same in a query, for `request.args.get(…, type=row_number)`.  Raises `ValueError`."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    if not 0 < number <= LARGEST_NUMBER:
        raise ValueError("no row has this number")
    return number


def row_numbers(texts: Iterable[str]) -> list[int]:
    """Of what a form has ticked or put in order the numbers that a row may have."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(row_number(text))
    return found


def safe_next(target: str | None) -> str | None:
    """`target` when it is a path of this site.

    Browsers take `//host`, `/\\host` and paths with control characters for other sites, so those are refused.
    """
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if any(ord(character) < 33 for character in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def in_language(request: Request, lang: str) -> str:
    """This page's address, asking for another language.

    The path is quoted again: on a page of an address that does not exist it is anybody's text, and `/\\host` is another
    site to a browser.
    """
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    path = quote(request.path) if request.method in ("GET", "HEAD") else "/"
    return f"{path}?{urlencode([*query, ('lang', lang)])}"
