"""Every command, option and setting is documented, and the documents name none that does not exist (STYLE 13)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from grader.cli import cli

LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")


def commands(group: click.Group, name: str = "workshop") -> Iterator[tuple[str, click.Command]]:
    """Every command below `group`, groups included, by its full name."""
    yield name, group
    context = click.Context(group)
    for child in group.list_commands(context):
        command = group.get_command(context, child)
        assert command is not None, f"{name} {child} is registered but cannot be loaded"
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {child}")
        else:
            yield f"{name} {child}", command


def sections(page: str) -> dict[str, str]:
    """Name in a heading's code span → the text below it, up to the next heading."""
    parts = re.split(r"^#+ `([^`]+)`.*$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture(scope="module")
def every_command() -> dict[str, click.Command]:
    return dict(commands(cli))


@pytest.fixture(scope="module")
def documented(root: Path) -> dict[str, str]:
    return sections((root / "docs/cli.md").read_text(encoding="utf-8"))


def test_the_reference_has_a_section_for_every_command_and_no_other(every_command, documented) -> None:
    assert {name for name in documented if name.startswith("workshop")} == set(every_command)


def test_every_option_is_in_its_command_s_section_and_no_other(every_command, documented) -> None:
    for name, command in every_command.items():
        options = {
            option
            for parameter in command.params
            if isinstance(parameter, click.Option)
            for option in parameter.opts
            if option.startswith("--")
        }
        named = set(re.findall(r"^- `(?:-\w, )?(--[a-z-]+)", documented[name], re.MULTILINE))
        assert named == options, name


def test_every_command_says_what_it_does_and_gives_an_example(every_command) -> None:
    for name, command in every_command.items():
        assert command.help, name
        if not isinstance(command, click.Group):
            assert f"Example: {name}" in (command.epilog or ""), name


def test_every_option_of_the_pytest_plugin_is_documented(root: Path, documented: dict[str, str]) -> None:
    source = (root / "grader/pytest_plugin.py").read_text(encoding="utf-8")
    options = set(re.findall(r'addoption\(\s*"(--[a-z-]+)"', source))
    assert options
    assert set(re.findall(r"^- `(--[a-z-]+)", documented["pytest --submission"], re.MULTILINE)) == options


def test_every_setting_is_documented_and_no_other(root: Path) -> None:
    from sandbox.service import JAIL
    from webapp.settings import PREFIX, Settings

    page = (root / "docs/settings.md").read_text(encoding="utf-8")
    settings = {PREFIX + field.name.upper() for field in fields(Settings)} | {JAIL}
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", page)) == settings


def test_every_variable_of_the_compose_file_is_documented(root: Path) -> None:
    named = set(re.findall(r"\$\{([A-Z_]+)", (root / "docker-compose.yml").read_text(encoding="utf-8")))
    assert named
    page = (root / "docs/settings.md").read_text(encoding="utf-8")
    assert named <= set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))


def test_the_help_fits_one_screen() -> None:
    context = click.Context(cli, info_name="workshop", terminal_width=80)
    assert len(cli.get_help(context).splitlines()) <= 24


def test_links_between_documents_lead_somewhere(root: Path, files: list[Path]) -> None:
    broken = [
        f"{page}: {target}"
        for page in files
        if page.suffix == ".md" and (page.parts[0] == "docs" or len(page.parts) == 1)
        for target in LINK.findall((root / page).read_text(encoding="utf-8"))
        # Figures of examples lie beside the bank that is the example.
        if not target.startswith("figures/") and not (root / page.parent / target).exists()
    ]
    assert broken == []


def test_the_bank_in_the_readme_is_without_fault(root: Path, tmp_path: Path) -> None:
    import questions

    page = (root / "README.md").read_text(encoding="utf-8")
    example = re.search(r"^````markdown\n(.*?)^````$", page, re.MULTILINE | re.DOTALL)
    assert example
    bank = questions.parse_bank(example[1], tmp_path / "README.md")
    assert [str(fault) for fault in bank.faults] == []
    assert [item.id for item in bank.items if item.servable] == ["weighted-sum"]
