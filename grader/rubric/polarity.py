"""Who denies what: negation, denial after the fact, reported claims and open self-correction, in Chinese and English.

A `Negator` covers a span; a claim inside an odd number of spans is denied.  A negator that a rule's own pattern spells out
("not fixed by hand") is part of the rule and left out of the count by the caller.
"""

# ruff: noqa: E501 - a list of words that mean the same is read and searched in one piece

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.rubric.sentences import Sentence, clause_end

MANY = 12
"""Negators of one sentence that are looked at; more of them is no sentence."""

# Words that hold a negator and negate nothing.
HARMLESS = re.compile(
    r"\bnot (?:only|just|merely|simply|necessarily|surprisingly|to mention|least|even)\b|\bno doubt\b|\bno matter\b|\bno wonder\b|\bnone the less\b|"
    r"\bnotwithstanding\b|\bwithout (?:a )?doubt\b|\bnothing but\b|\bno more than\b|\bno later\b|\bnot all\b|\bif not\b|\bwhether or not\b|\bnot every\w*|\bno:|"
    r"\bcan(?:not|'t) be (?:ignored|overstated|denied)\b|\bcannot (?:but|help)\b|\bdon'?t (?:worry|forget)\b|\bnot (?:as|so) much\b|\b(?:do|does|did|will|would|can)(?:n't| not) (?:blow|explode|vanish|die|disappear|saturate|overfit|diverge|memori[sz]e)\b"
    r"|不同(?!意)|不仅|不但|不只|不光|不单|不断|不管|不论|无论|不错|无关|不相关|不重要|不过|不少|不变|不一样|不稳定?|不等|不足|无疑|未来|"
    r"别(?:乱|随便|瞎|太)|无谓|无效|无数|无穷|无意义|不可少|不可或缺|不得不|无非|不免|差不多|不止|不妨|不久|不愧|非常|非线性|除非|没关系|毋庸置疑|不限于|不必要|无用|没用|无需多言|无限|无监督|"
    r"不够|不然|不易|不容易|不至于|不致|没见过|未见过|未知|不均|不限|并不等于没有|不可忽视|不可避免|是不是|能不能|会不会|要不|不如说|而不只|不规则|非零|没有区别"
)
NEGATOR = re.compile(
    r"\b(?:not|never|without|cannot|neither|nor|hardly|unable|nothing|nobody|none|no|barely|scarcely|unlike|lacks?|lacking|fails? to|rather than|instead of|"
    r"as opposed to|far from|no longer|impossible to|refus\w+ to|wrong to (?:say|think|claim|assume|believe)|(?:myth|misconception|mistake|untrue|false|wrong) that|disagree (?:that|it)|not agree (?:that|it))\b|"
    r"\b(?:is|are|was|were|do|does|did|ca|wo|would|should|could|has|have|had|need)n'?t\b|\bwon't\b|\bcan't\b|\bcant\b"
    r"|并非|并不|而不是|而非|不再|不是|不会|不能|不用|不需要?|无需|无法|没有|没法|毫无|缺乏|难以|从不|绝不|不(?![一])|没(?!错)|未(?!来)|无(?!关)|非(?![常线])|勿|切忌|(?<![特区分类级辨识个性派告差])别(?=[再去让把给加用做使搞动太全都设调改乱碰上开])"
)
# Verbs whose object is denied what it would say on its own; they reach to the next verb.
SHUNNING = re.compile(
    r"\bremov\w+|\bget rid of\b|\bleave out\b|\bomit\w*|去掉|移除|取消|\bignor\w+|\bavoid\w*|\bprevent\w*|\bdisregard\w*|\bneglect\w*|\bstops?\b|\bweaken\w*|\bdestroy\w*|\bharm\w*|\bworsen\w*|\bhurts?\b|忽略|忽视|避免|防止|阻止|舍弃|放弃|拒绝|禁止|无视|削弱|破坏|损害"
)
SHUNNING_END = re.compile(r"\band\b|\bso\b|\bn\b|\bor\b|\bmak\w+|\bto\b|\bby\b|\bwhile\b|[,:()、]|并|从而|而|来|且|以|地|使|让|同时|少|多|所以|就|也")
CONDITION = re.compile(r"\bif\b|\bwithout\b|\bwere\b.{0,20}\bnot\b|\bunless\b|\botherwise\b|\bhad\b|\bwhen\b.{0,30}\bnot\b|如果|若|假如|要是|倘若|一旦|的话|当.{0,20}不")
PREDICATE_DENIED = re.compile(
    r"\b(?:is|are|was|were|be|does|do)(?: not|n't) (?:actually |really )?(?:used|needed|true|correct|right|possible|the case|exist|happen|work|assigned|given|involved|required|there)\b|"
    r"(?:并不|不|没有?|从未|并没有?)(?:被)?(?:用到|用上|应用|存在|成立|需要|使用|发生|对|正确|属实|起作用|可能)(?![性])|派不上|用不上|用不了|不管用|失效|(?<=[一-鿿])不(?:了|到|上|出来?|起来?|动)(?![解一位])"
)
DENIAL = re.compile(
    r"\b(?:is|are|was|were|'s|be|sounds?|seems?|would be|looks?)(?: \w+){0,2} (?:wrong|false|incorrect|untrue|nonsense|a myth|myths|a mistake|mistaken|a misconception|misleading|(?<!which is )(?<!what is )rubbish|not so|not true|not correct|"
    r"not right|not the case|inaccurate|a lie)\b|\b(?:i )?(?:disagree(?! that\b| it\b| with (?:the |those )?\w+ \w+)|reject that|do(?: not|n't) agree(?! (?:that|it|with (?:the|those|people)|there|they)\b)|do(?: not|n't) believe (?:it|that|this|so)|don't think so)(?![a-z])|\bthe opposite is true\b|\bnothing could be further\b|\bthat(?: is|'s) not\b|\b(?:neither|none) (?:of (?:these|those|this|that|them|which|it|the (?:two|above|first)[^.,]{0,12}) )?(?:is|are|was|were|holds?|stands?) (?:\w+ )?(?:true|right|correct|so|the case|up)\b|\b(?:both|all) (?:of (?:these|those|them) )?(?:claims? )?(?:are|were) (?:false|wrong|untrue)\b|\bi (?:take|withdraw) (?:it all|both|all of (?:this|that|it)|these|those)(?: back)?\b|"
    r"(?:是|都是?|完全|其实|并|说法|观点|想法|看法|看来)(?:大?错(?:误)?的?|不对的?|不正确的?|误解|假的|谬误|不成立的?|有误的?|不准确的?)(?!误差)|(?:这|那|此)(?:种|个|话|一)?(?:说法|观点|想法|看法|说|话|理解)?[^,。]{0,6}(?:不对|错了?|不正确|不成立|有误|不准确|站不住脚|是错)|"
    r"(?:这|那|前面|上面|以上|刚才)(?:说的)?(?:两|几|三|些)?(?:点|条|句|个)?(?:其实)?(?:全|都|一个都|一条都)?(?:不对|不成立|不是真的|不是事实|是假的|错了|不算数|作废)|(?:全|都)(?:不成立|不是真的|不算数)|并非如此|不是这样|恰恰相反|事实并非|我不(?:同意|认同|赞同|这么认为)(?=[。,;!?]|$)|纯属误解|大错特错"
)
REPORTED = re.compile(
    r"\b(?:some|many|most|several|other|certain) (?:people|students|authors|papers|books|texts|sources|researchers|sites|claim|say|think|believe|argue)\b|\b(?:people|they|one|the (?:course|text|textbook|book|slides?|lecture|notes?)) "
    r"(?:often |sometimes |may |might |usually |wrongly |falsely )*(?:say|says|claim|claims|think|thinks|believe|believes|assume|state|states|argue|argues|suggests?|write|writes|said|claimed)\b|\bit is (?:often |sometimes |widely |commonly )*(?:said|claimed|believed|thought|assumed)\b|\bsupposedly\b|\ballegedly\b|"
    r"\b(?:my|a) (?:friend|classmate|colleague)\b"
    r"|有(?:些|的)?(?:人|同学|资料|书|文章|观点)(?:说|认为|觉得|以为|称|指出|提到)|(?:很多|许多|一些|不少)(?:人|同学|资料|文章)[^,。]{0,4}(?:说|认为|觉得|以为|称)|据说|常说|(?:课文|教材|书上|课程|原文|资料|课本|讲义)[^,。]{0,6}(?:说|认为|称|写|提到|指出)|所谓"
)
STRONG_CORRECTION = re.compile(
    r"\bcorrection\b|\b(?:scratch|scrap|forget|ignore) that\b|\bscratch (?:the|it)\b|\bnever ?mind\b|\bi take (?:it|this) back\b|\bedit:|\bstrike that\b|\bno,? wait\b|\bwait,? (?:no|that|actually)\b|\bi mean(?:t)?\b|\blet me correct\b|\bi (?:was|am|'m) (?:wrong|mistaken)\b|\bi got (?:that|it) wrong\b|\bi take (?:that|it) back\b|\b(?:that|this|which|it)(?: part| bit| last part)? (?:is|was) wrong\b|\boops\b|\bsorry,|\bmy mistake\b|\bon second thou?ght\b|\bno,(?= )|\bor rather\b|\bi made a mistake\b|\bi misspoke\b|\bwait,|\bhold on\b|\bforget (?:that|what)\b|\bi need to correct\b|\bi withdraw\b|\berr,"
    r"|更正|说错了|写错了|打错了|讲错了|搞错了|弄错了|记错了|纠正|改正|我的意思是|(?:^|[,。;!\s])(?:哦|啊|噢)?不对[,:。!是应]|(?:^|[,。;!\s])不,|不不|应该是说|应该?(?:改为|改成|更正)|收回|前面(?:说|写)?的?(?:不对|错了?)|上面(?:说|写)?的?(?:不对|错了?)|刚才(?:说|写)?的?.{0,6}(?:不对|错)|等等,|等一下|重新说|准确地?说"
)
WEAK_CORRECTION = re.compile(r"\bactually\b|\bin fact\b|\bin reality\b|\brather\b(?! than)|\bthe truth is\b|其实|事实上|实际上|应该是|应为|正确的(?:说法|是)|实为")
COORDINATED = re.compile(r"\b(?:and|or|nor)\b|[也且并又]")
"""What ends the reach of a negator before the next one: "it does not help and does not scale" denies each once."""
CONTRAST = re.compile(r"\bbut\b|\bhowever\b|\byet\b|\bin fact\b|\bactually\b|\bin reality\b|但|然而|不过|其实|可是|实际上|事实上|而实际")


@dataclass(frozen=True, slots=True)
class Negator:
    """A negating word at ``start:end``; what stands in ``scope_start:scope_end`` is denied by it."""

    start: int
    end: int
    scope_start: int
    scope_end: int
    backward: bool = False


def negators(text: str, sentence: Sentence) -> list[Negator]:
    """The negators of one sentence with their reach.  One inside a condition ("without scaling, …") denies nothing."""
    start, end = sentence.start, sentence.end
    harmless = [m.span() for m in HARMLESS.finditer(text, start, end)]
    found: list[Negator] = []
    for match in NEGATOR.finditer(text, start, end):
        if any(a <= match.start() < b for a, b in harmless):
            continue
        if len(found) >= MANY:
            break
        reach = clause_end(text, match.end(), end)
        again = NEGATOR.search(text, match.end(), reach)
        if again and COORDINATED.search(text, match.end(), again.start()):
            reach = again.start()
        found.append(Negator(match.start(), match.end(), match.start(), reach))
    for match in SHUNNING.finditer(text, start, end):
        if len(found) >= 2 * MANY:
            break
        stop = SHUNNING_END.search(text, match.end(), end)
        found.append(Negator(match.start(), match.end(), match.start(), stop.start() if stop else end))
    for match in PREDICATE_DENIED.finditer(text, start, end):
        if len(found) >= 2 * MANY:
            break
        found.append(Negator(match.start(), match.end(), clause_start(text, start, match.start()), match.start(), True))
    return sorted(found, key=lambda n: n.start)[:MANY]


def clause_start(text: str, start: int, at: int) -> int:
    """Where the clause that ends at `at` begins."""
    while True:
        boundary = clause_end(text, start, at)
        if boundary >= at:
            return start
        start = boundary + 1


def conditional(text: str, sentence: Sentence, at: int) -> bool:
    """Whether `at` stands in a condition, where "not" only sets up what would happen otherwise."""
    clause = clause_start(text, sentence.start, at)
    match = CONDITION.search(text, clause, min(at + 10, sentence.end))
    if match is None:
        return False
    followed = clause_end(text, match.end(), sentence.end) < sentence.end
    return followed or (match[0] != "without" and match.start() > sentence.start)
