"""An item with secrets planted in it, so that a leak shows: words in reference and tests, a number in a hidden test."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

import yaml

from questions import item_from_source
from questions.model import Item

NUMBER = 12496365
"""An input of the planted hidden test: exact in a float32, and 0xBEADED is no number in any other text."""

_HIDDEN_TESTS = {
    "scaled-dot-product-attention": f'''

@pytest.mark.points(1)
@pytest.mark.hidden
def test_planted_number(submission):
    """一个暗藏的数。 | A planted number."""
    planted = torch.full((1, 2, 4), {NUMBER}.0)
    output, _ = submission.ScaledDotProductAttention(4).eval()(planted, planted, planted)
    torch.testing.assert_close(output, planted)
''',
    "attention-weighted-sum": f'''

@pytest.mark.points(1)
@pytest.mark.hidden
def test_planted_number(submission):
    """一个暗藏的数。 | A planted number."""
    planted = torch.full((1, 2, 4), {NUMBER}.0)
    torch.testing.assert_close(submission.attention_weighted_sum(planted, torch.full((1, 2), 0.5)), planted[:, 0])
''',
}


@dataclass(frozen=True, slots=True)
class Canaries:
    """Words that no submission may ever learn; each says where it was planted."""

    reference: str
    tests: str
    earlier: str
    environment: str
    file: str

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter((self.reference, self.tests, self.earlier, self.environment, self.file))


def new_canaries() -> Canaries:
    """Fresh ones, so that no log of an earlier run can hold them."""
    return Canaries(
        *(f"canary-{place}{secrets.token_hex(12)}" for place in ("refer", "tests", "older", "environ", "files"))
    )


def plant(item: Item, seconds: float, canaries: Canaries) -> Item:
    """`item` with its own limit, a word at the end of reference and tests, and a hidden test where one is known."""
    source = _append(item.source, "reference", f'\n_planted = "{canaries.reference}"\n')
    hidden = _HIDDEN_TESTS.get(item.id, "")
    source = _append(source, "tests", f'{hidden}\n\n_planted = "{canaries.tests}"\n')
    settings = re.search(r"^```yaml item\n(.*?)^```$", source, re.MULTILINE | re.DOTALL)
    assert settings is not None, "an item without settings"
    values = yaml.safe_load(settings[1])
    values["limits"] = {**values.get("limits", {}), "seconds": seconds}
    values.pop("points", None)  # the tests' own sum, which the hidden one has changed
    source = source[: settings.start(1)] + yaml.safe_dump(values, allow_unicode=True) + source[settings.end(1) :]
    planted = item_from_source(source)
    assert planted.servable, [str(fault) for fault in planted.faults]
    assert planted.limits.seconds == seconds
    return planted


def _append(source: str, fence: str, text: str) -> str:
    pattern = re.compile(rf"^(`{{3,}}|~{{3,}})python {fence}\b.*?^\1$", re.MULTILINE | re.DOTALL)
    match = pattern.search(source)
    assert match is not None, f"an item without a {fence} fence"
    closing = match.end() - len(match[1])
    return source[:closing] + text + source[closing:]
