"""When two short answers are one and the same to a reader."""

from __future__ import annotations

import hashlib
import unicodedata


def compared(text: str) -> str:
    """`text` as it is compared with others: what a reader would not notice is gone.

    Width and composition of characters (NFKC: `（Ａ）` is `(A)`), case (`casefold`), and any run of white space, which
    counts as one blank, at the ends as none.  Punctuation and words stay: `not`, or a comma, can turn a sentence round.
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def digest(text: str) -> str:
    """SHA-256 of the text as it is compared, in hexadecimal."""
    return hashlib.sha256(compared(text).encode("utf-8", "surrogatepass")).hexdigest()
