"""What is typed about people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, FileField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from webapp.account.forms import required
from webapp.courses.names import Unfit, email_of, name_of
from webapp.models import Role

ROLES = (
    SelectChoice(Role.STUDENT, _l("Student")),
    SelectChoice(Role.ASSISTANT, _l("Assistant")),
    SelectChoice(Role.INSTRUCTOR, _l("Instructor")),
)
MAIL = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}


class PersonForm(FlaskForm):
    """One person to be put into a course."""

    email = StringField(_l("Email"), validators=[required()], render_kw=MAIL)
    name = StringField(_l("Name"), render_kw={"autocomplete": "off"})
    number = StringField(_l("Student number"), render_kw={"autocomplete": "off"})
    role = SelectField(_l("Role"), choices=ROLES, default=Role.STUDENT)

    def validate_email(self, field: Field) -> None:
        """An address."""
        try:
            field.data = email_of(field.data or "")
        except Unfit as problem:
            raise ValidationError(str(problem)) from None

    def validate_name(self, field: Field) -> None:
        """A name on one line, or none."""
        try:
            field.data = name_of(field.data or "")
        except Unfit as problem:
            raise ValidationError(str(problem)) from None

    validate_number = validate_name


class TableForm(FlaskForm):
    """A table of people, as a file or pasted."""

    table = FileField(_l("CSV file"), render_kw={"accept": ".csv,.tsv,.txt,text/csv,text/plain"})
    text = TextAreaField(
        _l("or paste the rows here"), render_kw={"rows": 8, "spellcheck": "false", "autocomplete": "off"}
    )
