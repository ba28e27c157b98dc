"""What a verdict has to say, it says once."""

from datetime import UTC, datetime

from flask import render_template_string

from webapp.learn.verdicts import finished

SECTION = '{% from "_verdict_parts.html" import verdict_section %}{{ verdict_section(verdict, "en", "coding") }}'


def test_a_run_that_cannot_be_loaded_says_so_once(app):
    said = {"zh": "第 1 行有语法错误。", "en": "There is a syntax error on line 1."}
    program = {"status": "error", "explanation": said, "output": {"stdout": "", "stderr": ""}}
    document = {
        "status": "error", "score": 0, "max_score": 1, "tests": [], "diagnosis": [], "key_points": [],
        "explanation": said, "program": program,
    }  # fmt: skip
    verdict = finished(document, "en", job_id=1, submission_id=1, purpose="run", created_at=datetime.now(UTC))
    with app.test_request_context("/?lang=en"):
        page = render_template_string(SECTION, verdict=verdict)
    assert page.count(said["en"]) == 1
    assert "printed nothing" not in page
