"""What there is to say of a file, by the codes that are kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from grader.archives import Reason


def layout_words(layout: str, fitting: int, total: int) -> str:
    """Which names they are, and how sure that is."""
    match layout:
        case "canvas":
            return _("Named as Canvas exports them (%(fitting)s of %(total)s files).", fitting=fitting, total=total)
        case "moodle":
            return _("Named as Moodle exports them (%(fitting)s of %(total)s files).", fitting=fitting, total=total)
        case "gradescope":
            return _("An export of Gradescope (%(fitting)s of %(total)s files).", fitting=fitting, total=total)
    return _("Named by hand: a file or a folder for each student, by number, email or name.")


def why_matched(by: str) -> str:
    """What somebody was found by."""
    return {
        "number": _("by number"),
        "email": _("by email"),
        "name": _("by name"),
        "login": _("by the email's first part"),
        "hand": _("chosen by hand"),
    }.get(by, "")


def problem_words(code: str) -> str:
    """Why a file cannot be graded, and what to do."""
    return {
        "": "",
        "nothing": _("There is nothing in it that can be graded here. Ask for a .py file or a notebook."),
        "empty": _("The file is empty."),
        "too-large": _("The file is larger than a submission may be (64 KiB of code, 20 kB of text)."),
        "not-text": _("This is no text. It may be an archive or a program under another name."),
        "notebook-large": _("The notebook is larger than 8 MiB. Clear its outputs and save it again."),
        "notebook-malformed": _("The notebook cannot be read. Save it again in Jupyter."),
        "notebook-language": _("The notebook is not written in Python."),
        "notebook-no-code": _("The notebook holds no code."),
    }.get(code, code)


def remark_words(remark: Mapping[str, Any]) -> str:
    """One remark."""
    count = remark.get("count")
    number = count if isinstance(count, int) else 0
    match remark.get("code"):
        case "cells":
            return ngettext("%(num)d cell of a notebook", "%(num)d cells of a notebook", number)
        case "magics":
            return ngettext(
                "%(num)d line left out that only Jupyter understands",
                "%(num)d lines left out that only Jupyter understands",
                number,
            )
        case "encoding":
            return _("read as %(encoding)s", encoding=str(remark.get("name", "")))
        case "bytes":
            return _("%(size)s bytes", size=f"{number:,}")
        case "others":
            return ngettext("%(num)d other file", "%(num)d other files", number)
        case "contradictory":
            return _("Its name speaks of two different students.")
        case "chosen-named":
            return _("one of %(num)s files: it is called like the item", num=number)
        case "chosen-usual":
            return _("one of %(num)s files: it is called like an answer", num=number)
        case "chosen-newest":
            return _("one of %(num)s files: the newest by its name", num=number)
        case "chosen-first":
            return _("one of %(num)s files: nothing speaks for one of them, so please look", num=number)
    return ""


def left_out_words(entry: Mapping[str, Any]) -> str:
    """Why something was not taken."""
    code = str(entry.get("code", ""))
    words = {
        "not-wanted": _("not a kind of file that is graded here"),
        "too-many": _("more files than are taken at once: upload the rest by itself"),
        "more": _("and %(num)s more", num=entry.get("count", 0)),
        "metadata-large": _("Gradescope's list of people is too large to be read; its folders are matched by hand."),
        "metadata-malformed": _("Gradescope's list of people cannot be read; its folders are matched by hand."),
    }
    return words.get(code) or skipped_words(code)


def skipped_words(code: str) -> str:
    """Why an entry of an archive was skipped."""
    return {
        Reason.CLUTTER: _("left behind by an operating system or an editor"),
        Reason.TRAVERSAL: _("its path leads out of the archive (..)"),
        Reason.ABSOLUTE: _("its path is absolute"),
        Reason.BACKSLASH: _("its name holds a backslash: make the archive again with another program"),
        Reason.HIDDEN_CHARACTERS: _("its name holds control characters or direction marks: rename it"),
        Reason.NAMELESS: _("it has no name"),
        Reason.LONG_NAME: _("its path is too long"),
        Reason.TWICE: _("another file has the same path: the first one was read"),
        Reason.LINK: _("a link, which may lead to another's work"),
        Reason.DEVICE: _("a device or a pipe, no file"),
        Reason.ENCRYPTED: _("encrypted: make the archive again without a password"),
        Reason.METHOD: _("packed in a way that is not read here: make an ordinary zip"),
        Reason.LARGE: _("too large (8 MiB at most)"),
        Reason.DAMAGED: _("damaged: what comes out is not what the archive says"),
        Reason.CONTRADICTORY: _("the archive says two different things about it"),
        Reason.NESTED: _("an archive in an archive in an archive: unpack it first"),
        Reason.BOMB: _("an archive that unpacks to very much more than it holds"),
        Reason.OVERLAPPING: _("an archive whose entries share bytes"),
        Reason.CUT_OFF: _("an archive that is cut off or damaged"),
        Reason.UNKNOWN: _("an archive of a kind that is not read here: make a zip"),
    }.get(Reason(code), "") if code in set(Reason) else code  # fmt: skip


def refused_words(reason: Reason) -> str:
    """Why nothing of an upload was taken, and what to do."""
    return {
        Reason.BOMB: _(
            "Nothing was taken: the archive unpacks to very much more than it holds, as archive bombs do. Unpack it "
            "and upload the files themselves."
        ),
        Reason.OVERLAPPING: _(
            "Nothing was taken: entries of the archive share bytes, as those of archive bombs do. Pack the files again."
        ),
        Reason.TOO_MANY: _("Nothing was taken: there are more than 5,000 entries. Divide the archive."),
        Reason.TOO_MUCH: _("Nothing was taken: it unpacks to more than 192 MiB. Divide the archive."),
        Reason.CUT_OFF: _("Nothing was taken: the archive is cut off or damaged. Download or pack it again."),
    }.get(reason) or _("Nothing was taken: this is neither a zip nor a tar archive. Pack the files as a zip.")
