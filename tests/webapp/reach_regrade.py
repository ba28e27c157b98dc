"""Who may ask for notices, regrades, overrides, and another look at a verdict."""

from tests.webapp.reach import SIGN_IN

TABLE = {
    ("GET", "notices.inbox"): (SIGN_IN, 200, 200, 200, 200, 200, 200, 200),
    ("GET", "second_look.ask"): (SIGN_IN, 200, 404, 404, 404, 404, 404, 404),
    ("POST", "second_look.send"): (SIGN_IN, 303, 404, 404, 404, 404, 404, 404),
    ("POST", "second_look.withdraw"): (SIGN_IN, 303, 404, 404, 404, 404, 404, 404),
}
BODY = {("POST", "second_look.send"): {"data": {"text": "Please look at the mask again."}}}
