"""The Python of one item: every fence parsed, names nobody defines reported, tests and misconceptions read."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from pathlib import Path

from questions.bilingual import bilingual
from questions.faults import FaultList, shown
from questions.model import Alternative, Bilingual, Code, Fault, Misconception, TestSpec
from questions.names import undefined_names
from questions.parts import Parts, RoleFence
from questions.python_code import first_paragraph, merged, parse, star_imports, top_level_names, whole_docstring
from questions.readings import pointer
from questions.suite import INJECTED_NAMES, defined_fixtures, read_suite


@dataclass(frozen=True, slots=True)
class SharedCode:
    """Code before the first item: its fences, what they define, what is wrong with them."""

    codes: tuple[Code, ...] = ()
    names: frozenset[str] = frozenset()
    fixtures: frozenset[str] = frozenset()
    opaque: bool = False
    """Whether it imports everything from somewhere, or cannot be parsed: then names cannot be judged."""
    faults: tuple[Fault, ...] = ()

    def extended(self, fence: RoleFence, faults: FaultList) -> SharedCode:
        """This code and one more fence."""
        own = FaultList(faults.path)
        tree = parse(fence.code, "the shared code", own) if fence.closed else None
        opaque = self.opaque or tree is None or bool(star_imports(tree))
        names, fixtures = self.names, self.fixtures
        if tree is not None:
            if not opaque:
                _undefined(fence.code, tree, "the shared code", own, given=INJECTED_NAMES | names)
            names, fixtures = names | top_level_names(tree), fixtures | defined_fixtures(tree)
        if not fence.closed:
            own.fault(fence.line, "the shared code is cut short: close its fence")
        faults.found += own.found
        return SharedCode((*self.codes, fence.code), names, fixtures, opaque, (*self.faults, *own.found))

    def elsewhere(self, path: Path) -> SharedCode:
        """This code, which stands in `path`, for items of other files."""
        return replace(self, codes=tuple(replace(code, path=code.path or path) for code in self.codes))


@dataclass(slots=True)
class ItemCode:
    """The code an item holds."""

    starter: Code | None = None
    reference: Code | None = None
    tests: Code | None = None
    variant: Code | None = None
    specs: list[TestSpec] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)
    misconceptions: list[Misconception] = field(default_factory=list)
    variant_names: frozenset[str] | None = None
    """What `variant` returns, when that can be read off its return statements."""


def read_code(parts: Parts, shared: SharedCode, faults: FaultList) -> ItemCode:
    """Everything the role fences of an item say."""
    found = ItemCode()
    found.starter, _ = _single(parts, "starter", faults)
    found.reference, reference_tree = _single(parts, "reference", faults)
    _read_tests(parts, shared, found, faults)
    for fence in _named(parts, "alternative", faults):
        what = f"alternative {shown(fence.argument)}"
        tree = parse(fence.code, what, faults) if fence.closed else None
        _beside_reference(fence, tree, what, reference_tree, faults)
        found.alternatives.append(Alternative(fence.argument, fence.code))
    for fence in _named(parts, "misconception", faults):
        found.misconceptions.append(_misconception(fence, reference_tree, faults))
    found.variant, tree = _single(parts, "variant", faults)
    if found.variant is not None and tree is not None:
        found.variant_names = _variant_names(found.variant, tree, faults)
    for fence in parts.roles.get("shared", []):
        faults.fault(fence.line, "shared code stands inside an item: move it before the first item")
    return found


def check_shown(codes: list[Code], what: str, faults: FaultList) -> None:
    """An answer's own code, which students will run: both syntax and names count, later fences seeing earlier ones."""
    trees = [parse(code, what, faults) for code in codes]
    given: frozenset[str] = frozenset()
    for code, tree in zip(codes, trees, strict=True):
        if tree is None or star_imports(tree):
            return
        _undefined(code, tree, what, faults, given=given)
        given |= top_level_names(tree)


def _named(parts: Parts, role: str, faults: FaultList) -> list[RoleFence]:
    """The fences of a role whose fences have names; of two with one name the second is at fault."""
    seen: dict[str, int] = {}
    fences = parts.roles.get(role, [])
    for fence in fences:
        if fence.argument in seen and fence.argument:
            name, first = shown(fence.argument), seen[fence.argument]
            faults.fault(fence.line, f"two {role}s are named {name} (the first is in line {first}): rename one")
        seen.setdefault(fence.argument, fence.line)
    return fences


def _single(parts: Parts, role: str, faults: FaultList) -> tuple[Code | None, ast.Module | None]:
    fences = parts.roles.get(role, [])
    for extra in fences[1:]:
        faults.fault(extra.line, f"a second {role} (the first is in line {fences[0].line}): an item has one")
    if not fences:
        return None, None
    what = f"the {role}"
    tree = parse(fences[0].code, what, faults) if fences[0].closed else None
    if tree is not None:
        _undefined(fences[0].code, tree, what, faults, remark=role == "starter")  # a starter may hold blanks: ____
    return fences[0].code, tree


def _read_tests(parts: Parts, shared: SharedCode, found: ItemCode, faults: FaultList) -> None:
    """Several tests fences are one suite: the lines between them become blank, so every line keeps its number."""
    fences = parts.roles.get("tests", [])
    found.tests = merged([fence.code for fence in fences])
    if found.tests is None or not all(fence.closed for fence in fences):
        return
    trees = [parse(fence.code, "the test code", faults) for fence in fences]
    if any(tree is None for tree in trees):
        return
    tree = parse(found.tests, "the test code", faults)
    if tree is None:
        return
    opaque = shared.opaque or bool(star_imports(tree))
    found.specs = read_suite(found.tests, tree, None if opaque else shared.fixtures, faults)
    if not opaque:
        _undefined(found.tests, tree, "the test code", faults, given=INJECTED_NAMES | shared.names)


def _misconception(fence: RoleFence, reference: ast.Module | None, faults: FaultList) -> Misconception:
    what = f"misconception {shown(fence.argument)}"
    tree = parse(fence.code, what, faults) if fence.closed else None
    sentence, reading = Bilingual(), ""
    if tree is not None:
        text, line = whole_docstring(tree) or ("", 1)
        text, reading = pointer(text)
        if said := first_paragraph(text):
            sentence = bilingual(said, fence.code.line + line - 1)
        else:
            faults.fault(fence.code.line, f"{what} has no sentence: open it with a docstring 中文 | English")
    _beside_reference(fence, tree, what, reference, faults)
    return Misconception(fence.argument, sentence, fence.code, reading)


def _beside_reference(
    fence: RoleFence, tree: ast.Module | None, what: str, reference: ast.Module | None, faults: FaultList
) -> None:
    """Names in code that may begin with `from reference import *`."""
    if tree is None:
        return
    if reference is None or star_imports(reference):
        if not star_imports(tree):
            _undefined(fence.code, tree, what, faults)
    else:
        given = top_level_names(reference) if "reference" in star_imports(tree) else set()
        _undefined(fence.code, tree, what, faults, given=frozenset(given), stars=frozenset({"reference"}))


def _undefined(
    code: Code,
    tree: ast.Module,
    what: str,
    faults: FaultList,
    *,
    given: frozenset[str] = frozenset(),
    stars: frozenset[str] = frozenset(),
    remark: bool = False,
) -> None:
    """Report the names `tree` uses and nothing defines."""
    try:
        found = undefined_names(tree, given, stars=stars)
    except RecursionError:
        faults.fault(code.line, f"{what} is nested too deeply: simplify it")
        return
    note = faults.remark if remark else faults.fault
    for name in found:
        note(
            code.line + name.line - 1,
            f"{what} uses {shown(name.name)}, which nothing there defines: define or import it",
        )


def _variant_names(code: Code, tree: ast.Module, faults: FaultList) -> frozenset[str] | None:
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "variant"]
    if not functions:
        faults.fault(code.line, "the variant fence defines no function: write def variant(rng): return {…}")
        return None
    arguments = functions[-1].args
    if len(arguments.posonlyargs + arguments.args) != 1 and arguments.vararg is None:
        at = code.line + functions[-1].lineno - 1
        faults.fault(at, "variant is called with one argument: write def variant(rng)")
    names: set[str] = set()
    returns = [node for node in ast.walk(functions[-1]) if isinstance(node, ast.Return)]
    for node in returns:
        if not isinstance(node.value, ast.Dict):
            return None
        for key in node.value.keys:
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                return None
            names.add(key.value)
    if not returns:
        faults.fault(code.line + functions[-1].lineno - 1, "variant returns nothing: return a dictionary of parameters")
        return None
    return frozenset(names)
