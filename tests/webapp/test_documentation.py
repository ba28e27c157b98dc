"""docs/web.md and the commands' help say what there is."""

from __future__ import annotations

import re
from pathlib import Path

import click
from flask import Flask

from webapp import cli
from webapp.courses.cli import course

PAGE = Path(__file__).parents[2] / "docs" / "web.md"


def test_the_page_names_exactly_the_routes_there_are(app: Flask) -> None:
    lines = re.findall(r"^\| `([A-Z ]+) (/\S*)` \| `(\S+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    documented = {(endpoint, path, method) for methods, path, endpoint in lines for method in methods.split()}
    real = {
        (rule.endpoint, rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert documented == real


def test_every_command_has_help_and_an_example() -> None:
    for command in (cli.serve, cli.worker, cli.db, cli.bank, cli.demo, course):
        leaves = command.commands.values() if isinstance(command, click.Group) else [command]
        for leaf in leaves:
            assert leaf.help, leaf.name
            assert leaf.epilog, leaf.name
            assert leaf.epilog.startswith("Example: workshop "), leaf.name
            for option in leaf.params:
                assert isinstance(option, click.Argument) or option.help, (leaf.name, option.name)
