"""What a test looks at, told from its name and title, so that a headline can speak of masks instead of counts.

Where a test's words give nothing away it has no aspect, and whoever asks falls back to counting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Aspect(StrEnum):
    """One side of a layer that tests look at."""

    GRADIENTS = "gradients"
    TYPES = "types"
    MASKS = "masks"
    STABILITY = "stability"
    DROPOUT = "dropout"
    PURITY = "purity"
    REFUSALS = "refusals"
    PARAMETERS = "parameters"
    EDGES = "edges"
    HEADS = "heads"
    SCALING = "scaling"
    ROWS = "rows"
    POSITIONS = "positions"
    SHAPES = "shapes"
    VALUES = "values"


# The first that matches counts: a name says more than a title, and the special comes before the general.
_WORDS: tuple[tuple[Aspect, str], ...] = (
    (Aspect.GRADIENTS, r"grad(ient|check|s\b)|\bbackward|梯度|反向"),
    (Aspect.STABILITY, r"\b(large scores|huge|extreme|overflow|finite|stab\w+|nan|inf)\b|分数很大|溢出|有限|稳定"),
    (Aspect.MASKS, r"\b(masks?|masked|masking|causal|blocked|padding|future)\b|掩码|遮蔽|遮挡|屏蔽|因果"),
    (Aspect.TYPES, r"\b(d?types?|float type|precision|device|half|bfloat16|float16)\b|类型|精度|设备"),
    (Aspect.DROPOUT, r"\b(dropout|train|training|eval|evaluation|dropped)\b|丢弃|训练|评估|求值"),
    (Aspect.PURITY, r"\b(unchanged|in place|modified|mutat\w*|stay as|left as)\b|不被修改|没有被修改|就地"),
    (Aspect.REFUSALS, r"\b(refused?|raises?|error|valueerror|typeerror|rejects?)\b|抛出|报错|拒绝"),
    (Aspect.PARAMETERS, r"\b(parameters?|linear layers?|bias|biases|state|initiali[sz]\w*)\b|参数|线性层|偏置"),
    (Aspect.EDGES, r"\b(of one|length one|empty|equal sizes|edge cases?)\b|(?<!和)为 ?[1一]\b|大小为一|边界|相等时"),
    (Aspect.HEADS, r"\b(heads?|four dimensions|4-?d|multi-?head)\b|多头|每个头|四维|带头"),
    (Aspect.SCALING, r"\b(scal(e|es|ed|ing)|sqrt|square root|temperature)\b|缩放|根号|√"),
    (Aspect.ROWS, r"\b(rows?|sums? to one|add up|normali[sz]\w*|softmax|distribution)\b|之和|归一|每一?行"),
    (Aspect.POSITIONS, r"\b(order|permut\w*|shuffl\w*|treated alike)\b|顺序|打乱"),
    (Aspect.SHAPES, r"\b(shapes?|dimensions?|sizes?)\b|形状|维度|尺寸"),
    (Aspect.VALUES, r"\b(values?|equals?|outputs?|results?|weights?|numbers?)\b|数值|一致|相等|输出|结果|权重"),
)  # fmt: skip
_PATTERNS = tuple((aspect, re.compile(pattern, re.IGNORECASE)) for aspect, pattern in _WORDS)


@dataclass(frozen=True, slots=True)
class Standing:
    """Which sides are right and which are not, in the order of the suite."""

    right: tuple[Aspect, ...]
    wrong: tuple[Aspect, ...]


def aspect_of(name: str, titles: Iterable[str]) -> Aspect | None:
    """What a test looks at; None where its words do not say."""
    spoken = name.removeprefix("test_").replace("_", " ")
    for text in (spoken, *titles):
        for aspect, pattern in _PATTERNS:
            if pattern.search(text):
                return aspect
    return None


def aspect_of_test(test: Mapping[str, Any]) -> Aspect | None:
    """The same of a test in a verdict document; a hidden one is known by its titles alone."""
    titles = test.get("title") or {}
    return aspect_of("" if test["hidden"] else test["name"], (str(titles.get("en") or ""), str(titles.get("zh") or "")))


def standing(tests: Iterable[Mapping[str, Any]]) -> Standing | None:
    """How the sides stand; None where a failing test has none, for then naming the others would mislead.

    A side is right when all its tests passed, and wrong as soon as one of them failed.
    """
    passed: dict[Aspect, None] = {}
    failed: dict[Aspect, None] = {}
    for test in tests:
        aspect = aspect_of_test(test)
        if test["status"] == "passed":
            if aspect is not None:
                passed[aspect] = None
        elif aspect is None:
            return None
        else:
            failed[aspect] = None
    return Standing(tuple(aspect for aspect in passed if aspect not in failed), tuple(failed))
