"""What the commonest exceptions of a tensor program mean, for who meets them for the first time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

_SHAPES = re.compile(
    r"mat1 and mat2 shapes|Expected size for first two dimensions|must match the size of tensor|batch1 and batch2"
    r"|inconsistent tensor size|size mismatch|not broadcastable|shapes cannot be multiplied"
)
_CALL = re.compile(r"unexpected keyword argument|positional arguments? but|required positional argument|takes no arg")


def meaning(exception: Mapping[str, Any]) -> str:
    """One sentence on an exception, or nothing where its own message has to do."""
    kind, message = str(exception.get("type", "")), str(exception.get("message") or "")[:600]
    match kind:
        case "NotImplementedError":
            return _("This line stands for the code that is still to be written. Put your own in its place.")
        case "NameError":
            return _("Nothing of that name is defined or imported above the line that uses it.")
        case "RuntimeError" if _SHAPES.search(message):
            return _(
                "The shapes of two tensors on this line do not fit together. Print their `shape` just above it, "
                "then run."
            )
        case "TypeError" if _CALL.search(message):
            return _("A call and a definition disagree on the arguments. Compare yours with the signature asked for.")
    return ""
