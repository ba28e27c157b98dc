"""Each request: a number of its own on every line about it, a line when it was answered, and what it took."""

from __future__ import annotations

import logging
import re
import secrets
import time
from ipaddress import ip_address, ip_network

from flask import Flask, Response, g, request
from flask_login import current_user

from webapp.operations import logs, measures
from webapp.settings import Settings

HEADER = "X-Request-Id"
UNSAID = "operations.healthz"
"""Asked every few seconds by whatever keeps the process alive."""
GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "OPTIONS"})
log = logging.getLogger(__name__)
access_log = logging.getLogger(logs.ACCESS)


def set_up(app: Flask, settings: Settings) -> None:
    """Look at every request of `app`, from before anything else to after everything else."""

    @app.before_request
    def begin() -> None:
        g.begun = time.monotonic()
        g.request_number = _number(settings)
        logs.begin(request=g.request_number)

    @app.after_request
    def end(response: Response) -> Response:
        if "begun" in g:
            seconds = time.monotonic() - g.begun
            response.headers[HEADER] = g.request_number
            _count(response.status_code, seconds)
            if access_log.isEnabledFor(logging.INFO) and endpoint() != UNSAID:
                _write(response, seconds)
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        logs.begin()


def _number(settings: Settings) -> str:
    """A fresh one; what a proxy of ours has given it already is kept, and what strangers send is not."""
    given = request.headers.get(HEADER, "")
    if settings.proxies and GIVEN.fullmatch(given):
        return given
    return secrets.token_hex(8)


def endpoint() -> str:
    """What was asked for, as one of a few names: an address may hold anything, an invitation's secret for one."""
    return request.endpoint or "none"


def _count(status: int, seconds: float) -> None:
    method = request.method if request.method in METHODS else "other"
    measures.requests.labels(endpoint(), method, f"{status // 100}xx").inc()
    measures.request_seconds.labels(endpoint()).observe(seconds)


def _write(response: Response, seconds: float) -> None:
    numbers: dict[str, logs.Value] = {
        "method": request.method if request.method in METHODS else "other",
        "rule": request.url_rule.rule if request.url_rule is not None else "none",
        "status": response.status_code,
        "seconds": seconds,
        "bytes": response.content_length or 0,
        "from": network(request.remote_addr or ""),
    }
    if "_login_user" in g and current_user.is_authenticated:  # nobody is looked up for a line in a log
        numbers["user"] = current_user.id
    numbers |= {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)}
    access_log.info("%s", endpoint(), extra={"about": numbers})


def network(address: str) -> str:
    """Where an address lies, without saying whose it is: its /24, or /48 of an IPv6 address."""
    try:
        found = ip_address(address)
    except ValueError:  # a proxy may pass on anything
        return "unknown"
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False))


def came(purpose: str, outcome: str, **numbers: int) -> None:
    """Something was sent: `accepted`, or refused by that code.  With its numbers on the lines from here on."""
    measures.submissions.labels(purpose, outcome).inc()
    logs.add(**numbers)
    log.info("%s: %s", purpose, outcome, extra={"about": {"user": current_user.id}})
