"""What changes an item's revision, and what asks for a regrade."""

from pathlib import Path

import pytest

from questions import parse_bank

TEXT = (Path(__file__).parent / "documents" / "complete.md").read_text(encoding="utf-8")
BEFORE = parse_bank(TEXT)


def changed(old, new):
    """The ids whose revision and whose suite differ once `old` is replaced by `new`."""
    assert old in TEXT
    after = parse_bank(TEXT.replace(old, new, 1))
    pairs = list(zip(BEFORE.items, after.items, strict=True))
    return (
        {mine.id for mine, theirs in pairs if mine.revision != theirs.revision},
        {mine.id for mine, theirs in pairs if mine.suite != theirs.suite},
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Use a plus sign.", "Use the plus sign."),
        ("Adds one.", "It adds one."),
        ("减了一。 | Subtracts one.", "少了一。 | Subtracts."),
        ("向左一步", "往左一步"),
        ("Reading: number-line", "Reading: number-lines"),
        ("    return x - 1", "    return x - 2"),
        ("raise NotImplementedError", "..."),
        ("It is addition.", "Addition."),
        ("    near(submission", "    # why\n\n    near(submission"),
    ],
    ids=["hint", "test title", "sentence", "reading", "pointer", "misconception", "starter", "explanation", "comment"],
)
def test_a_mended_typo_is_a_new_revision_without_a_regrade(old, new):
    assert changed(old, new) == ({"add-one"}, set())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("numbers + 1)", "numbers + 2)"),
        ("return x + 1", "return 1 + x"),
        ("seconds: 2", "seconds: 3"),
        ("torch.randn(3,", "torch.randn(4,"),
    ],
    ids=["tests", "reference", "limits", "shared"],
)
def test_what_marks_depend_on_is_a_new_suite(old, new):
    assert changed(old, new) == ({"add-one"}, {"add-one"})


def test_a_rubric_rule_an_option_and_a_value_are_part_of_the_suite():
    assert changed("`(asked|要求)`", "`(asked|需要)`")[1] == {"why-add"}
    assert changed("- [ ] 二", "- [x] 二")[1] == {"choose"}
    assert changed("± 0.5", "± 0.6")[1] == {"how-large"}
    assert changed("Because it is asked for", "As it is asked for") == ({"why-add"}, set())


def test_hashes_say_what_they_are_and_do_not_depend_on_the_files_place():
    item = BEFORE.items[0]
    assert item.revision.startswith("r:")
    assert item.suite.startswith("s:")
    moved = parse_bank("\n\n\n" + TEXT, "elsewhere/other.md").items[0]
    assert (moved.revision, moved.suite) == (item.revision, item.suite)
