"""Every page there is, by the application's own map of addresses: one address of each, as somebody would open it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask


@dataclass(frozen=True, slots=True)
class Page:
    """One address of a page."""

    endpoint: str
    path: str


def pages(
    app: Flask, values: Mapping[str, int | str], left_out: Mapping[str, str], queries: Mapping[str, str] | None = None
) -> Iterator[Page | str]:
    """A `Page` for every rule that answers GET, or the name of an endpoint for which a value is missing.

    `values` are what the variables of addresses may be; `left_out` names endpoints that are no pages, with the reason;
    `queries` what an endpoint wants after its path.
    """
    with app.test_request_context():
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if rule.endpoint in left_out or "GET" not in (rule.methods or ()):
                continue
            missing = rule.arguments - set(values)
            if missing:
                yield f"{rule.endpoint} ({rule.rule}): {', '.join(sorted(missing))}"
                continue
            built = rule.build({name: values[name] for name in rule.arguments})
            assert built is not None
            yield Page(rule.endpoint, built[1] + (queries or {}).get(rule.endpoint, ""))
