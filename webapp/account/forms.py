"""The forms of accounts: signing in, coming in, changing what is one's own."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from webapp.courses.names import LONGEST_CODE, LONGEST_NAME, Unfit, email_of, name_of, normal_email
from webapp.zones import zones_like

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 1024
FEWEST_CHARACTERS = 4
"""How many different ones a password has; less is a row of one key."""


def required() -> InputRequired:
    """Says in the page's language what is missing."""
    return InputRequired(_l("Please fill this in."))


def _check_name(_form: FlaskForm, field: Field) -> None:
    try:
        field.data = name_of(field.data or "")
    except Unfit:
        message = _l("A name is at most %(number)s characters, all of them visible.", number=LONGEST_NAME)
        raise ValidationError(message) from None
    if not field.data:
        raise ValidationError(_l("Please fill this in."))


def _check_email(_form: FlaskForm, field: Field) -> None:
    try:
        field.data = email_of(field.data or "")
    except Unfit:
        raise ValidationError(_l("This is no email address. Write it like li@example.org.")) from None


def _check_password(form: FlaskForm, field: Field) -> None:
    password = field.data or ""
    email = getattr(form, "email", "")
    address = normal_email(getattr(email, "data", email) or "")
    if len(password) < SHORTEST_PASSWORD:
        raise ValidationError(
            _l("This password is too short: it has to have %(number)s characters or more.", number=SHORTEST_PASSWORD)
        )
    if len(password) > LONGEST_PASSWORD:
        raise ValidationError(_l("This password is longer than %(number)s characters.", number=LONGEST_PASSWORD))
    if len(set(password)) < FEWEST_CHARACTERS or (address and password.lower() in (address, address.partition("@")[0])):
        raise ValidationError(_l("This password is easily guessed. Take several words that do not belong together."))


class SignInForm(FlaskForm):
    """Email and password; `next` is where to go afterwards."""

    email = StringField(
        _l("Email"),
        validators=[InputRequired(), Length(max=320)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"},
    )
    password = PasswordField(
        _l("Password"), validators=[InputRequired(), Length(max=1024)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


def _new_password(label: str) -> PasswordField:
    return PasswordField(label, validators=[required(), _check_password], render_kw={"autocomplete": "new-password"})


class CodeForm(FlaskForm):
    """A course's code, as it stands on the blackboard."""

    code = StringField(
        _l("Join code"),
        validators=[required(), Length(max=4 * LONGEST_CODE)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "class": "code-field"},
    )


class RegistrationForm(FlaskForm):
    """What an account needs."""

    name = StringField(_l("Name"), validators=[required(), _check_name], render_kw={"autocomplete": "name"})
    email = StringField(
        _l("Email"),
        validators=[required(), _check_email],
        render_kw={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"},
    )
    password = _new_password(_l("Password"))


class InvitationForm(FlaskForm):
    """What somebody on the list adds; `email` is theirs already."""

    email = ""
    name = StringField(_l("Name"), validators=[required(), _check_name], render_kw={"autocomplete": "name"})
    password = _new_password(_l("Password"))


class AccountForm(FlaskForm):
    """Name, language, zone; no zone is the browser's."""

    name = StringField(_l("Name"), validators=[required(), _check_name], render_kw={"autocomplete": "name"})
    lang = SelectField(_l("Language"), choices=[SelectChoice("zh", "中文"), SelectChoice("en", "English")])
    zone = StringField(_l("Time zone"), render_kw={"autocomplete": "off", "list": "zones", "spellcheck": "false"})

    def validate_zone(self, field: Field) -> None:
        """A zone there is, by its name or its city."""
        text = (field.data or "").strip()
        if not text:
            return
        near = zones_like(text)
        if len(near) == 1:
            field.data = near[0]
        elif near:
            raise ValidationError(
                _l("Several zones are called nearly so: %(names)s. Choose one.", names=", ".join(near[:5]))
            )
        else:
            raise ValidationError(_l("No time zone is called so. Choose one from the list, like Asia/Shanghai."))


class PasswordForm(FlaskForm):
    """The password as it is, and the one it shall be."""

    email = ""
    old = PasswordField(
        _l("Password now"),
        validators=[required(), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    password = _new_password(_l("New password"))
