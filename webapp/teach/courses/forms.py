"""What a course is called, and where its times are meant."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from questions.bilingual import split
from webapp.account.forms import required
from webapp.courses.names import LONGEST_TITLE, Unfit, name_of
from webapp.zones import zones_like

LONGEST_HALF = (LONGEST_TITLE - 3) // 2


class CourseForm(FlaskForm):
    """A title in one language or in both, and a zone."""

    zh = StringField(_l("Title in Chinese"), render_kw={"lang": "zh-Hans", "autocomplete": "off"})
    en = StringField(_l("Title in English"), render_kw={"lang": "en", "autocomplete": "off"})
    zone = StringField(
        _l("Time zone"),
        validators=[required()],
        render_kw={"autocomplete": "off", "list": "zones", "spellcheck": "false"},
    )

    @property
    def title(self) -> str:
        """As a course keeps it."""
        return " | ".join(text for text in (self.zh.data, self.en.data) if text)

    def validate_zh(self, field: Field) -> None:
        """One line without a bar, which parts the two languages."""
        try:
            field.data = name_of(field.data or "", LONGEST_HALF)
        except Unfit as problem:
            raise ValidationError(str(problem)) from None
        if "|" in field.data:
            raise ValidationError(_l("A title has no bar (|) in it: that parts the two languages."))

    def validate_en(self, field: Field) -> None:
        """The same; and one of both there has to be, each in its own language."""
        self.validate_zh(field)
        zh, en = self.zh.data or "", field.data
        if not zh and not en:
            raise ValidationError(_l("Please fill in one of the two titles."))
        if zh and en and split(f"{zh} | {en}") != (zh, en):
            raise ValidationError(_l("The two cannot be told apart: write one in Chinese, and one in English."))

    def validate_zone(self, field: Field) -> None:
        """A zone there is, by its name or its city."""
        near = zones_like(field.data or "")
        if len(near) != 1:
            raise ValidationError(_l("No time zone is called so. Choose one from the list, like Asia/Shanghai."))
        field.data = near[0]
