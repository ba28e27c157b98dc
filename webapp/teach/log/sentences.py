"""An entry of the log as a sentence.  What has no sentence of its own yet is still readable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.models import Audit
from webapp.models.people import Role
from webapp.teach.log.names import Names, number, parts, person_in
from webapp.teach.people.words import role_word

ACTIONS: dict[str, Callable[[], str]] = {
    "course-join": lambda: _("Joined by code"),
    "course-file-add": lambda: _("Added by the course's file"),
    "course-file-change": lambda: _("Changed by the course's file"),
    "course-file-remove": lambda: _("Removed by the course's file"),
    "course-page-add": lambda: _("Added"),
    "course-page-change": lambda: _("Changed"),
    "course-page-remove": lambda: _("Removed"),
    "course-create": lambda: _("Course made"),
    "course-change": lambda: _("Course changed"),
    "course-code": lambda: _("Join code changed"),
    "course-archive": lambda: _("Course archived"),
    "course-restore": lambda: _("Course brought back"),
    "member-add": lambda: _("People added"),
    "member-change": lambda: _("Person changed"),
    "member-role": lambda: _("Role changed"),
    "member-remove": lambda: _("Person taken out"),
    "grade-again": lambda: _("Graded again"),
    "hand-in": lambda: _("Handed in for the class"),
    "reviewed": lambda: _("Answer read"),
    "review-undone": lambda: _("Review undone"),
    "phrasing-taken": lambda: _("Phrasing taken"),
    "phrasing-dismissed": lambda: _("Phrasing dismissed"),
    "phrasing-offered": lambda: _("Phrasing offered again"),
    "discard-upload": lambda: _("Upload discarded"),
    "override": lambda: _("Points changed by hand"),
    "override-withdrawn": lambda: _("Override taken back"),
    "regrade": lambda: _("Regrade asked for"),
    "regrade-chosen": lambda: _("Regrade: changes chosen"),
    "regrade-applied": lambda: _("Regrade: mark changed"),
    "regrade-finished": lambda: _("Regrade finished"),
    "regrade-cancelled": lambda: _("Regrade cancelled"),
    "pin": lambda: _("Revision changed"),
    "request": lambda: _("Another look asked for"),
    "request-withdrawn": lambda: _("Request withdrawn"),
    "request-granted": lambda: _("Request agreed to"),
    "request-declined": lambda: _("Request declined"),
    "bank-save": lambda: _("Bank saved"),
    "bank-restore": lambda: _("Version of a bank brought back"),
    "bank-adopt": lambda: _("Bank uploaded or begun"),
    "bank-give-back": lambda: _("Bank given back to its folder"),
    "view-as": lambda: _("Looked as a student"),
    "view-as-end": lambda: _("Looked as a student: ended"),
    "account-admin": lambda: _("Administrator made"),
    "account-no-admin": lambda: _("Administrator unmade"),
    "account-sign-out": lambda: _("Signed out everywhere"),
    "account-export": lambda: _("Somebody's data taken"),
    "account-erase": lambda: _("Account deleted"),
    "account-link": lambda: _("Link for a password made"),
}
"""What an action is called where one chooses among them."""


TELLS_ALL = frozenset({"course-join", "member-add", "member-role"})
"""Actions whose sentence says every value."""


def action_word(action: str) -> str:
    """An action for a list; the word the program uses where nobody has given it another."""
    return ACTIONS[action]() if action in ACTIONS else action.replace("-", " ")


def sentence(entry: Audit, names: Names) -> str:
    """Who did what, as one sentence."""
    who = names.person(entry.actor_id) or _("The command line")
    what, whom = subject_words(entry, names), names.person(person_in(entry))
    told = _own_sentence(entry, who, what, whom)
    return told or _("%(who)s: %(action)s, %(what)s", who=who, action=action_word(entry.action), what=what)


def _own_sentence(entry: Audit, who: str, what: str, whom: str) -> str:
    before, after = entry.before or {}, entry.after or {}
    match entry.action:
        case "course-join":
            return _("%(who)s joined the course by its code", who=who)
        case "course-file-add":
            return _("The course's file added %(what)s", what=what)
        case "course-file-change":
            return _("The course's file changed %(what)s", what=what)
        case "course-file-remove":
            return _("The course's file took out %(what)s", what=what)
        case "course-page-add":
            return _("%(who)s added %(what)s", who=who, what=what)
        case "course-page-change":
            return _("%(who)s changed %(what)s", who=who, what=what)
        case "course-page-remove":
            return _("%(who)s took out %(what)s", who=who, what=what)
        case "member-add":
            return _added(after, who)
        case "member-change":
            return _("%(who)s changed what the course says of %(whom)s", who=who, whom=whom)
        case "member-role":
            return _role(before, after, who, whom)
        case "member-remove":
            return _("%(who)s took %(whom)s out of the course", who=who, whom=whom)
        case "grade-again":
            return _("%(who)s had %(what)s graded again", who=who, what=what)
        case "view-as":
            return _("%(who)s began to look at the course as %(whom)s", who=who, whom=whom)
        case "view-as-end":
            return _("%(who)s no longer looks at the course as %(whom)s", who=who, whom=whom)
    told = _of_mark(entry, who, what) or _of_course(entry, who) or _of_upload(entry, who) or _of_bank(entry, who)
    return told or _of_account(entry, who, whom)


def _of_mark(entry: Audit, who: str, what: str) -> str:
    match entry.action:
        case "reviewed":
            return _("%(who)s decided %(what)s", who=who, what=what)
        case "review-undone":
            return _("%(who)s took back what was decided of %(what)s", who=who, what=what)
        case "override":
            return _("%(who)s changed the points of %(what)s by hand", who=who, what=what)
        case "override-withdrawn":
            return _("%(who)s took back the points given by hand to %(what)s", who=who, what=what)
        case "regrade":
            return _("%(who)s asked for %(what)s", who=who, what=what)
        case "regrade-chosen":
            count = number((entry.after or {}).get("submissions"))
            return ngettext(
                "%(who)s chose %(num)s mark of %(what)s to be changed",
                "%(who)s chose %(num)s marks of %(what)s to be changed",
                count,
                who=who,
                what=what,
            )
        case "regrade-applied":
            return _("The mark of %(what)s was changed by a regrade of %(who)s", who=who, what=what)
        case "regrade-finished":
            return _("%(who)s finished %(what)s", who=who, what=what)
        case "regrade-cancelled":
            return _("%(who)s cancelled %(what)s", who=who, what=what)
        case "pin":
            return _("%(who)s moved %(what)s to another revision", who=who, what=what)
        case "request" | "request-withdrawn" | "request-granted" | "request-declined":
            return _of_request(entry.action, who, what)
    return ""


def _of_request(action: str, who: str, what: str) -> str:
    match action:
        case "request":
            return _("%(who)s asked for another look at %(what)s", who=who, what=what)
        case "request-withdrawn":
            return _("%(who)s withdrew the request about %(what)s", who=who, what=what)
        case "request-granted":
            return _("%(who)s agreed with the request about %(what)s", who=who, what=what)
    return _("%(who)s declined the request about %(what)s", who=who, what=what)


def _of_course(entry: Audit, who: str) -> str:
    match entry.action:
        case "course-create":
            return _("%(who)s made the course", who=who)
        case "course-change":
            return _("%(who)s changed the course", who=who)
        case "course-code" if (entry.after or {}).get("join_code"):
            return _("%(who)s gave the course a new join code", who=who)
        case "course-code":
            return _("%(who)s switched the join code off", who=who)
        case "course-archive":
            return _("%(who)s archived the course", who=who)
        case "course-restore":
            return _("%(who)s brought the course back", who=who)
    return ""


def _of_upload(entry: Audit, who: str) -> str:
    told = entry.after or entry.before or {}
    count, name = number(told.get("files")), str(told.get("name") or "")
    match entry.action:
        case "hand-in":
            return ngettext(
                "%(who)s handed in %(num)s file for its student: %(name)s",
                "%(who)s handed in %(num)s files for their students: %(name)s",
                count,
                who=who,
                name=name,
            )
        case "discard-upload":
            return _("%(who)s discarded the upload %(name)s", who=who, name=name)
    return ""


def _of_bank(entry: Audit, who: str) -> str:
    bank, version = parts(entry.subject).get("bank", ""), number((entry.after or {}).get("version"))
    match entry.action:
        case "bank-save":
            return _("%(who)s saved version %(number)s of the bank %(bank)s", who=who, number=version, bank=bank)
        case "bank-restore":
            return _(
                "%(who)s brought back an old version of the bank %(bank)s, as version %(number)s",
                who=who,
                number=version,
                bank=bank,
            )
        case "bank-adopt":
            return _("%(who)s brought in the bank %(bank)s, version %(number)s", who=who, number=version, bank=bank)
        case "bank-give-back":
            return _("%(who)s gave the bank %(bank)s back to its folder", who=who, bank=bank)
    return ""


def _of_account(entry: Audit, who: str, whom: str) -> str:
    match entry.action:
        case "account-admin":
            return _("%(who)s made %(whom)s an administrator", who=who, whom=whom)
        case "account-no-admin":
            return _("%(who)s took the rights of an administrator from %(whom)s", who=who, whom=whom)
        case "account-sign-out":
            return _("%(who)s ended every session of %(whom)s", who=who, whom=whom)
        case "account-link":
            return _("%(who)s made a link by which %(whom)s chooses a password", who=who, whom=whom)
    return ""


def _added(after: dict[str, Any], who: str) -> str:
    people = after.get("people") or []
    if len(people) == 1:
        email, role = str(people[0].get("email", "")), _role_word(people[0].get("role"))
        return _("%(who)s added %(whom)s as %(role)s", who=who, whom=email, role=role)
    count = number(after.get("count"))
    return ngettext("%(who)s added %(num)s person", "%(who)s added %(num)s people", count, who=who)


def _role(before: dict[str, Any], after: dict[str, Any], who: str, whom: str) -> str:
    return _(
        "%(who)s changed the role of %(whom)s: %(old)s → %(new)s",
        who=who,
        whom=whom,
        old=_role_word(before.get("role")),
        new=_role_word(after.get("role")),
    )


def _role_word(role: Any) -> str:
    return role_word(role) if role in list(Role) else str(role or "")


def subject_words(entry: Audit, names: Names) -> str:
    """What an entry is about, as it is called on pages."""
    named = parts(entry.subject)
    whom = names.person(person_in(entry))
    if "submission" in named and (sent := names.submissions.get(number(named["submission"]))):
        title = names.items.get(sent.item_id, "")
        return _("the submission of %(whom)s for “%(title)s”", whom=names.person(sent.user_id), title=title)
    if "assignment" in named and (title := names.assignments.get(number(named["assignment"]), "")):
        if whom:
            return _("the extension of %(whom)s for “%(title)s”", whom=whom, title=title)
        return _("the assignment “%(title)s”", title=title)
    item = number(named.get("item") or named.get("assignment-item"))
    if item and (title := names.items.get(item, "")):
        return _("the item “%(title)s”", title=title)
    if "regrade" in named:
        return _("regrade %(number)s", number=named["regrade"])
    if whom:
        return whom
    if set(named) == {"course"}:
        return _("the course")
    return entry.subject
