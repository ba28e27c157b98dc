"""An item's variants, read from its stored revision; nothing of a bank is run here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.model import Item, Kind
from questions.templates import filled, said
from webapp import variants
from webapp.items import item_of
from webapp.languages import LANGUAGES, say
from webapp.learn import answers
from webapp.models import Bank, Revision
from webapp.tasks import rows
from webapp.tasks.values import task_view
from webapp.teach.variants.values import InOneLanguage, VariantsPage
from webapp.variants import Parameters, filled_prose


def revision_of(session: Session, bank_id: str, item: str, wanted: str = "") -> Revision | None:
    """The stored revision of a bank's item that has variants: the one `wanted`, else the bank's current one."""
    bank = session.get(Bank, bank_id)
    if bank is None:
        return None
    current = next((each["revision"] for each in bank.report["items"] if each["id"] == item), "")
    found = session.scalar(
        select(Revision).where(Revision.hash == (wanted or current), Revision.bank_id == bank_id, Revision.item == item)
    )
    return found if found is not None and item_of(found).variant is not None else None


def page(session: Session, revision: Revision, number: int, lang: str, now: datetime, *, pinned: bool) -> VariantsPage:
    """One variant; `pinned` says that the address names this very revision."""
    asked, drawn = item_of(revision), revision.variants or []
    number = min(max(0, number), max(0, len(drawn) - 1))
    names = tuple(dict.fromkeys(name for each in drawn for name in each))
    known = variants.parameters(revision, number)
    task = rows.newest(session, variants.KIND, variants.subject(revision.hash)) if not drawn else None
    return VariantsPage(
        bank_id=revision.bank_id,
        bank_title=say(session.get_one(Bank, revision.bank_id).report["title"], lang),
        item=revision.item,
        title=say(asked.title, lang),
        revision=revision.hash if pinned else "",
        count=len(drawn),
        number=number,
        names=names,
        shown=tuple(said(known.get(name, "")) for name in names),
        right=answers.right_values(asked, known) if drawn else (),
        texts=tuple(text_in(asked, each, known) for each in LANGUAGES) if drawn else (),
        rows=tuple(tuple(said(each.get(name, "")) for name in names) for each in drawn),
        task=task_view(task, now) if task else None,
    )


def text_in(asked: Item, lang: str, known: Parameters | None) -> InOneLanguage:
    """An item in one language, answers included; without `known`, none being drawn yet, gaps are shown as gaps."""
    return InOneLanguage(
        lang=lang,
        question_html=filled_prose(say(asked.question, lang), known),
        options=answers.answered_options(asked, (), lang, known, told=True) if asked.kind is Kind.CHOICE else (),
        hints=tuple(filled_prose(say(hint, lang), known) for hint in asked.hints),
        answer_html=filled_prose(say(asked.answer, lang), known),
        explanation_html=filled_prose(say(asked.explanation, lang), known),
        said=tuple(
            (
                f"{filled(value.amount, known or {})} {value.unit}".strip(),
                filled_prose(say(value.feedback, lang), known),
            )
            for value in asked.values
            if not value.right
        ),
    )
