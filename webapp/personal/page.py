"""The page of an export that people read: self-contained, without a script, in their language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from markupsafe import escape

from webapp.models import User

STYLE = (
    "body{font:16px/1.6 system-ui,'Noto Sans CJK SC',sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc;"
    "vertical-align:top}td{overflow-wrap:anywhere}@media(prefers-color-scheme:dark){body{background:#16181c;"
    "color:#e6e6e6}a{color:#8ab4f8}td,th{border-color:#444}}"
)
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "What is kept of you",
        "made": "Made {at} (UTC). The .json files hold everything; submissions/ and drafts/ are your own texts.",
        "account": "Account",
        "courses": "Courses",
        "role": "Role",
        "course": "Course",
        "sent": "What you sent",
        "at": "Sent (UTC)",
        "item": "Item",
        "purpose": "As",
        "status": "Outcome",
        "points": "Points",
        "file": "File",
        "submit": "submission",
        "run": "run",
        "verdict": "verdict",
        "nothing": "Nothing.",
        "others": (
            "Also here: hints you opened (hints.json), your own dates (dates.json), notices, requests for another "
            "look, reviews of your answers, phrasings offered to a bank, and the log of what you did (log.json)."
        ),
    },
    "zh": {
        "title": "关于你的全部数据",
        "made": "生成于 {at}（UTC）。.json 文件包含全部内容；submissions/ 和 drafts/ 里是你自己写的内容。",
        "account": "账号",
        "courses": "课程",
        "role": "身份",
        "course": "课程",
        "sent": "你提交过的内容",
        "at": "提交时间（UTC）",
        "item": "题目",
        "purpose": "类型",
        "status": "结果",
        "points": "得分",
        "file": "文件",
        "submit": "提交",
        "run": "运行",
        "verdict": "评判结果",
        "nothing": "没有内容。",
        "others": (
            "此外还有：打开过的提示（hints.json）、你的专属时间（dates.json）、通知、复核申请、"
            "对你答案的评阅、供题库采用的说法，以及你的操作记录（log.json）。"
        ),
    },
}
Row = Mapping[str, Any]


def lines(user: User, courses: Sequence[Row], sent: Iterable[Row], now: datetime) -> Iterator[str]:
    """The page, a line at a time; everything that anybody wrote is escaped."""
    zh = (user.locale or "").startswith("zh")
    say = WORDS["zh" if zh else "en"]
    yield f'<!doctype html>\n<html lang="{"zh-Hans" if zh else "en"}"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{say['title']}</title><style>{STYLE}</style></head><body>\n<h1>{say['title']}</h1>\n"
    yield f"<p>{say['made'].format(at=_at(now))}</p>\n<h2>{say['account']}</h2>\n"
    yield f"<p>{escape(user.name)} · {escape(user.email)} · {_at(user.created_at)}</p>\n<h2>{say['courses']}</h2>\n"
    if courses:
        yield f"<table><tr><th>{say['course']}</th><th>{say['role']}</th></tr>\n"
        for each in courses:
            yield f"<tr><td>{escape(each['course'])}</td><td>{escape(each['role'])}</td></tr>\n"
        yield "</table>\n"
    else:
        yield f"<p>{say['nothing']}</p>\n"
    heads = "".join(f"<th>{say[name]}</th>" for name in ("at", "item", "purpose", "status", "points", "file"))
    yield f"<h2>{say['sent']}</h2>\n<table><tr>{heads}</tr>\n"
    for each in sent:
        yield _line(each, say)
    yield f"</table>\n<p>{say['others']}</p>\n</body></html>\n"


def _line(row: Row, say: Mapping[str, str]) -> str:
    files = f'<a href="{escape(row["file"])}">{escape(row["file"])}</a>'
    if row["verdict"]:
        files += f' · <a href="{escape(row["verdict"])}">{say["verdict"]}</a>'
    points = "" if row["points"] is None else f"{row['points']:g}"
    where = escape(f"{row['item']} ({row['course']})")
    return (
        f"<tr><td>{_at(row['sent_at'])}</td><td>{where}</td><td>{say.get(row['purpose'], '')}</td>"
        f"<td>{escape(row['status'] or row['state'])}</td><td>{points}</td><td>{files}</td></tr>\n"
    )


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
