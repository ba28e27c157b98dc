"""Text of an answer that answers nothing: words to the marker, the question said back, data, lists of bare words.

What is found here earns nothing and costs nothing; but an answer that talks to the marker is never decided in its own favour
without a person.
"""

# ruff: noqa: E501 - a list of words that mean the same is read and searched in one piece

from __future__ import annotations

import re
from itertools import pairwise

from grader.rubric.sentences import Sentence

PERSON = r"(?:grader|marker|examiner|teacher|professor|instructor|evaluator|reviewer|assessor|scorer|auto-?grader|(?:grading|marking) (?:system|script|model|bot))s?"
MARKER = r"(?:grader|marker|examiner|teacher|professor|instructor|evaluator|reviewer|assessor|assistant|ai|model|llm|chatgpt|gpt|system|bot|scorer|auto-?grader|grading (?:system|script|model|bot)|marking (?:system|script)|you|tutor|sir|madam)"
GRADER_ZH = r"(?:评卷|阅卷|改卷|批改|打分|评分|判卷|评阅)(?:人|老师|员|者|系统|程序|机器人|模型|助手|ai|同学)?|老师|教授|助教|系统|ai|人工智能|模型|你"
TO_MARKER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|skip) (?:\w+ ){0,4}(?:rubric|instructions?|rules?|prompts?|guide|criteria|guidelines|above|key ?points?|previous|prior)\b"
    r"|\b(?:give|award|assign|grant|mark|score|rate|grade|set|return|output|print|respond with|report)\b(?: \w+){0,6} (?:full|maximum|max|top|perfect|highest|all|100|10/10|10|points?|marks?|credit|award|correct|passed|1\.0)(?: (?:marks?|points?|credit|grade)|\b)(?=.{0,40}(?:marks?|points?|credit|grade|answer|key ?point|submission|student|full|passed|award|\bme\b|please))"
    r"|\bfull (?:marks?|credit|score|points?)\b|\bmaximum (?:marks?|score|points?)\b|\bfull-mark\b|\bperfect score\b|\b10 ?/ ?10\b|\b100 ?%(?= (?:correct|marks?))|\bkey ?points? (?:\w+ ){0,3}(?:are|is|as|were|was) (?:\w+ ){0,2}(?:met|covered|present|satisfied|awarded|correct|fulfilled|complete|matched|true|yes)"
    r"|\b(?:dear|note to|note for|message to|message for|hey|hello|hi|instructions? (?:to|for)|notice to) (?:the |my |human |automatic |automated |ai |dear )*" + MARKER + r"\b"
    r"|\b(?:attention|to the|as the)[,:]? (?:the |my |human |automatic |automated |ai |dear )*" + PERSON + r"\b|\battention[,:]? (?:ai|llm|chatgpt|gpt|bot|assistant|tutor)\b ?[:,!]"
    r"|\byou are (?:now |hereby )?(?:a|an|the|in|acting|required|instructed|to)\b|\bact as (?:an? |the |my |if you )?(?:\w+ )?(?:" + MARKER + r"|if)\b|\bpretend\b|\brole-?play\b|\bdeveloper mode\b|\bnew (?:instructions?|rules?|system prompt|rubric)\b|\bnew task:|\bsystem ?(?:prompt|message|override|note)?\s*[:>\]]|\b(?:assistant|user|human|admin|developer|examiner|grader|marker|teacher|professor|instructor|moderator)\s*:(?=\s*\S)"
    r"|\bthis (?:answer|student|submission|response)\b.{0,60}\b(?:correct|deserves?|covers?|contains?|mentions?|satisf\w+|meets?|should|complete|perfect|all|pass\w*|verified|approved|exempl\w+|addresses|states|explains|demonstrates|earns?|receives?|is worth|has been)\b|\bthe (?:student|answer|submission|candidate) (?:has |have )?(?:correctly |fully |clearly |already |successfully )*(?:covers?|covered|stat\w+|mention\w*|explain\w*|identif\w+|deserves?|meets?|met|satisf\w+|demonstrat\w+|passes|passed|is fully correct|earns?|names?)\b|\bthe (?:student|submission|candidate) (?:receives?|gets?|is correct)\b"
    r"|\b(?:please|kindly|must|should|pls)\b.{0,30}\b(?:marks?|grade|score|award|points|pass me|credit)\b|\bi deserve\b|\bdo not (?:mark|deduct|evaluate|grade|check|read)\b|\brubric\b|\bmarking guide\b|\bmark scheme\b|\bgrading (?:criteria|policy|instructions)\b|\bbegin (?:system|instructions?)\b|\bend of (?:student )?(?:answer|instructions?|submission)\b|\bawarded?\b\W{0,3}(?::|=)\W{0,2}\d|\bscore\W{0,4}[:=]\W{0,2}\d|\breview\W{0,4}[:=]\W{0,2}false|\bprompt injection\b|\bdo not mention\b|\bthis notice\b|\blenient\b|\bfinal grade\b|\brecord (?:that|the) grade\b|\bchecked this answer\b|\bpreviously (?:verified|graded|marked)\b|\balready been (?:verified|graded|marked|checked)\b"
    r"|(?:忽略|无视|忘记|跳过|不要理会|不用管|不必理会|别管|请勿参照)[^。,]{0,12}(?:评分|规则|标准|指令|要求|说明|提示|量表|要点|指示|指南)|满分|(?:给|打|判|评|(?<!计)算|记)(?:我|他|她|本题|此题|该题|这题|这份|这个|这道题|全部|所有|此答案|本答案)?[^。,]{0,8}(?:全分|全对|100分|10分|十分(?!之)|满(?![足意])|及格)|(?:给|打|判|评|记)(?:我|他|她|本题|此题|该题|这题|这份|这道题|全部|此答案|本答案|为|成)[^。,]{0,8}(?:高分|通过|得分|正确(?!率))|(?:^|[,。!\s])(?:请|求|拜托|麻烦|恳请|希望|务必)[^。,]{0,14}(?:给分|打分|得分|加分|评分|给我|高抬贵手|通过|手下留情|判)"
    r"|(?:致|给|尊敬的|亲爱的|敬告|告诉|通知|各位|提示|请)(?:各位|的)?(?:" + GRADER_ZH + r")(?:[:,!您好请]|$|们)|(?:评卷|阅卷|改卷|批改|判卷|评阅|评分)(?:人|老师|员|者|系统|程序|机器人|模型|助手|ai)|老师(?:您|你|好|请|,|:|辛苦)|你(?:现在|是一?个?|必须|应当|应该|被)[^。]{0,12}(?:扮演|评分|助手|阅卷|模型|给|老师|打分|任务|系统)|角色扮演|扮演(?![^,。]{0,8}角色)|系统(?:提示|指令|消息|通知|规定)|新(?:的)?(?:指令|规则)|新(?:的)?任务:|"
    r"(?:本|该|此|这个|这份|以上|上述)(?:学生|考生|同学|答案|回答|答卷|作答)[^。]{0,24}(?:正确|满足|覆盖|包含|应得|应该得|符合|完整|涵盖|全部|已经|达到|提到|说明了|答出)|(?:所有|全部|各个?|每个)(?:要点|得分点|关键点|评分点|考点)|评分(?:标准|规则|细则|要点|指南|量表)|得分点|award|不要(?:扣分|批改|检查|看)",
    re.ASCII,
)
QUOTED_KEY = re.compile(r"[\"']\w{1,40}[\"']\s{0,2}:|^\s*(?:import|from|def|class|return|print)\b[ (.]", re.ASCII)
SETTING = re.compile(r"\w\s?[=:]\s?[\"'\w\[(]", re.ASCII)
SUSPECT = re.compile(
    r"\b(?:full|all|max\w*|extra|bonus) (?:marks?|points?|credits?|scores?)\b|\bmark(?:s|er|ers|ing)?\b(?! (?:the|those|which|out|up))|\bgrad(?:e|es|er|ers|ing)\b|\bexam(?:s|iner\w*|ination\w*)?\b|\bdear\b|\btick(?:s|ing)?\b|\baccept (?:it|this|my)\b|\bdeserv\w+(?! (?:a |an |more |closer |most |the most |attention|to be|our|its|extra|special|focus|less|weight))|\brubric\w*|\bpolicy\b|\badmin\w*|\binstructions?\b|\bprompts?\b|"
    r"\bplease\b|\bprofessors?\b|(?<!\ba )(?<!like the )\bteachers?\b(?! (?:can|could|sees?|who|forc\w+))|\binstructors?\b|\btutors?\b|\bcorrect answers?\b|\bverified\b|\bapproved\b|\boverrid\w*|\bjson\b|\bsubmission\b|\bstudents?\b|\bawards?\b|\bkey ?points?\b|\bevaluators?\b|\bevaluat\w+ (?:this|my|the (?:answer|submission|student))\b|\bignore (?:all|any|every|the (?:above|previous|following))|\bsystem:|\bconfidence\b\W{0,3}[=:\d]|\bthank(?:s|ing|ful)?\b(?! to\b)|"
    r"\bmy (?:score|result|degree|scholarship)\b|\bthis answer\b|\bthe above\b|\bas stated\b|\bthe following (?:is|are|answer|text)\b|</?[a-z]"
    r"|给分|得分点|扣分|满分|零分|分数线|(?:得到|获得|拿|拿到|我)[^。]{0,4}(?:高分|得分)|打分(?:人|者|系统|标准)|评分(?:人|者|系统|标准|规则|细则|要求)|阅卷|评卷|批改|改卷|(?<!不是)(?<!像)老师(?!们?(?:讲|说过|教|上课|课上|问|规定|插))|助教|教授|班长|考试|考官|考生|及格|挂科|高抬贵手|拜托|谢谢|感谢|麻烦|求求|恳请|判为|判成|判定|(?<![抓住注])要点|指令|提示词|管理员|权限|命令|(?<![激邀申])请(?!求|了|来|教)|标准答案|参考答案|本题|此题|该题|这道题|答案(?:正确|完全|如上|已)|本答案|该答案|学生|审核|复核|系统(?=[^,。]{0,4}(?:规定|指令|要求|判|默认|自动给|提示|消息|通知|设置|请|会给|必须|评|注意))",
    re.ASCII,
)
ASKS = re.compile(
    r"^(?:(?:please |briefly |question:? |q:? |in your own words,? )*(?:explain|list|describe|name|state(?!-)|outline|summari[sz]e|discuss|introduce|define|tell)\b|what (?:is|are|does|do)\b|how (?:do|does|can|to|would)\b|why (?:do|does|is|are)\b|which\b.*\bare (?:the )?(?:common|main))"
    r"|^(?:题目|问题|问|question)?[:\s]*(?:请)(?:你)?(?:简要|简单|列举|简述|介绍|解释|说明|描述|谈谈|列出|写出|用自己|回答|举|概述|分别|指出)|^(?:题目|问题)?[:\s]*(?:简述|列举|简要介绍|简要解释|简要说明)|^(?:(?!可以|能|看出|看到|知道|明白)[^,]){0,40}(?:是什么|有哪些|为什么|怎么样?|如何[^,。]{0,12})\??$",
    re.ASCII,
)
TOKEN = re.compile(r"[a-z]+|\d+|[一-鿿]", re.ASCII)


def addressed_to_marker(text: str, sentence: Sentence) -> bool:
    """Whether a sentence speaks to whoever marks, or about the marking, instead of about the subject."""
    return TO_MARKER.search(text, sentence.start, sentence.end) is not None


def looks_like_talk_to_marker(text: str) -> bool:
    """Whether an answer speaks of marks, markers or orders at all: reason enough not to decide in its favour alone."""
    return SUSPECT.search(text) is not None


def is_data(text: str, sentence: Sentence) -> bool:
    """Whether a sentence is JSON, settings or code: it claims nothing."""
    said = text[sentence.start : sentence.end]
    return QUOTED_KEY.search(said) is not None or (said[:1] in "([" and len(SETTING.findall(said)) >= 2)


def asks(text: str, sentence: Sentence) -> bool:
    """Whether a sentence asks or commands, as the question does, instead of stating."""
    said = text[sentence.start : sentence.end]
    return ASKS.search(said) is not None or (sentence.question and len(said) < 200 and bool(QUESTION_WORD.search(said)))


QUESTION_WORD = re.compile(r"\b(?:what|how|why|which|who|when|is|are|does|do|can)\b|什么|哪|怎|为何|如何|吗|呢|多少", re.ASCII)


def said_back(text: str, sentence: Sentence, asked: frozenset[tuple[str, str]]) -> bool:
    """Whether a sentence is for the most part the question's own word pairs."""
    pairs = word_pairs(text[sentence.start : sentence.end])
    return len(pairs) >= 4 and len(pairs & asked) >= 0.75 * len(pairs)


def word_pairs(text: str) -> frozenset[tuple[str, str]]:
    """Neighbouring words, or neighbouring characters of Chinese."""
    tokens = TOKEN.findall(text)
    return frozenset(pairwise(tokens))


LITTLE_WORDS = frozenset(
    """a an the is are was were be been being to of that which who by it its in on at for with from as this these those than then they them their
    can could will would may might must does do did has have had so because if when where while not no but instead into we you i he
    each every what how there here also both between across through same via about over such against without let lets makes make
    helps help uses use used using gives give given computes comes come becomes keeps keep stays adds add allows allow means mean divides divided prevents
    prevent reduces reduce increases decreases lowers hurts harms causes stabilises stabilizes stabilise stabilize generalises generalizes
    scales captures connects links handles speeds saves concentrates emphasises emphasizes highlights ignores assigns multiplies combines compares
    all some well out try more less very only good better such should make add every
    includes include called named depends works work receives raises boosts worsens destroys tells says finds
    your our my me us her his him up down off other others too again still even much most many few around until since after before during under once
    just already yet now always never often usually mainly really rather quite almost nearly then first second third next last somewhere back
    get gets got go goes went come came put puts turn turns became run ran used having being like means mean per without within whose whom besides
    it's that's there's what's they're we're you're i'd i'm i've don't doesn't didn't can't won't isn't aren't slowly quickly well finds lowers removes solves learns runs run needs need takes take looks look lets attends attend avoids avoid focuses weighs pays improves improve""".split()
)
LITTLE_SIGNS = re.compile(
    r"[的是把让使会能在由被它其以对给用将从为到了着得可]|通过|根据|来自|因为|所以|从而|而|分配|提高|减少|避免|防止|计算|学习|聚焦|关注|采用|使用|降低|增强|除以|并|与|和.{0,6}相|有|加|做|看|说|就|不|来"
)
WORDS = re.compile(r"[a-z][a-z'-]*", re.ASCII)
HAN = re.compile(r"[一-鿿]")
EFFECT = re.compile(r"让|令|使(?!用)|出自|源自|取自|皆|均(?![匀值等])|保持|采用|引入|减少|提高|避免|防止|更|把|来自|通过|用于|除以|可以|能够|会|就是|从而|因为|以便|以免|免得|降低|增强|缓解")
RELATES = re.compile(r"\b(?:is|are|was|were|has|have|includes?|used|means|becomes?|goes|drives|comes?|scores?(?= (?:a|the|each|query|every|=)))\b|'s (?:an?|the|found|used|how|what|why|when|because|not)\b|\w ?(?:=|->|→) ?\w(?![^,;]*(?:=|->|→))", re.ASCII)
HEADING = re.compile(
    r"(?:[\w ]{0,40}\b(?:uses?|used|applications?|apps?|kinds?|types?|fields?)\b[\w ]{0,20}|[^,:]{0,12}(?:应用|用途|用处|例子|用于|用在|领域|种类|分类|类型|常见的?)[^,:]{0,6}):",
    re.ASCII,
)
COMPARES = re.compile(r"[先再按很最越比各随出]|互相|彼此|同时|慢慢|逐渐|一开始|[上下]去")
ENTRIES = re.compile(r"[,、/|+;]")
SEPARATOR = re.compile(r"[,、/|+;:&·\s>-]+")


FRAGMENT = re.compile(r"[^\n]{0,5}[一-鿿][^\n]{0,5}|(?:[\w'-]+ ?){1,2}", re.ASCII)
STATES = re.compile(r"[好高强大低快少准稳行通用省]|norm|dropout|decay|adam", re.ASCII)


def is_short(text: str, sentence: Sentence) -> bool:
    """Whether a sentence is no more than a word or two, or a few such entries."""
    said = text[sentence.start : sentence.end]
    entries = ENTRIES.split(said)
    return FRAGMENT.fullmatch(said) is not None or (len(entries) > 1 and all(FRAGMENT.fullmatch(e.strip()) for e in entries))


def is_fragment(text: str, sentence: Sentence) -> bool:
    """Whether a sentence is a bare word or two: several of them in a row are a list cut into sentences."""
    said = text[sentence.start : sentence.end]
    if not is_short(text, sentence) or PARTICLES.search(said) or VERBS.search(said):
        return False
    return len(ENTRIES.split(said)) > 1 or not (LITTLE_SIGNS.search(said) or STATES.search(said))


PARTICLES = re.compile(r"这样|慢慢|变(?=[小大得快慢])|(?<![重主需摘])要|[的是令很太只才没跟再先把让会在由被它其对给将从为到了着就不都也还]|使(?!用)|(?<![性功可])能(?!力)|(?<!研)所")
VERBS = re.compile(
    r"[升降设改]|见于|(?<!强)调|学习(?!率)|学到|通过|来自|计算(?!量|复杂)|得到|提高|提升|减少|避免|防止|降低|增强|分配|聚焦|关注|除以?|引入|采用|使用|用|防|加|处理|捕捉|建立|适用|改善|缓解|解决|看|说|做|有|可以|能够|求和|相加|相乘|掉"
)
FUNCTION_WORDS = frozenset(
    """a an the is are was were be been being to of that which who by it its in on at for with from as this these those than then they them their
    can could will would may might must does do did has have had so because if when where while not no but instead into we you i he each
    each every what how there how both between across through via about over such against without some so more less
    your our my me us her his him up down off other others too again still even much most many few until since after before during once
    just yet now always never often only get gets got goes put puts turn turns like per within besides it's that's there's they're we're you're""".split()
)
PUNCTUATION = re.compile(r"[,:()\"“”]| - ")
BARE_RUN = 7
"""English words in a row, none of them a function word, that no sentence of prose has."""
TIES = re.compile(r"[和与及用除按以先再后加并等、有每各]")
SHORT_STRETCH = 16
"""The same, without a word that ties words together."""
BARE_STRETCH = 24
"""Chinese characters in a row without a particle that no sentence of prose has."""


def strung(said: str) -> bool:
    """Whether words stand in a row with nothing of grammar between them, in either language."""
    if SALAD.search(said) or len(BARE_TERM.findall(said)) >= 3:
        return True
    for stretch in PUNCTUATION.split(said):
        run = 0
        for word in WORDS.findall(stretch):
            run = 0 if word in FUNCTION_WORDS else run + (word not in {"and", "or"})
            if run >= BARE_RUN:
                return True
        han = len(HAN.findall(stretch))
        if han >= SHORT_STRETCH and not PARTICLES.search(stretch[:-3]) and (han >= BARE_STRETCH or not TIES.search(stretch)):
            return True
    words = [word for word in WORDS.findall(said) if word == "is" or word not in FUNCTION_WORDS | {"attention"}]
    if len(words) >= 8 and max(map(words.count, set(words))) >= 0.28 * len(words):
        return True
    if len(HAN.findall(said)) >= 12 and not any(sign.search(said) for sign in (PARTICLES, VERBS, EFFECT, COMPARES)):
        return True
    entries = [entry for entry in SEPARATOR.split(said) if HAN.search(entry)]
    if any(len(entry) >= 8 and EFFECT.search(entry) for entry in entries) and len(entries) < 10:
        return False
    han = len(HAN.findall(said))
    return len(entries) >= 6 and han <= 5 * len(entries) and len(PARTICLES.findall(said)) <= 0.05 * han


NOUNS_AND_LINKS = frozenset(
    """a an the to of that which who by it its in on at for with from as this these those than then they them their so because if when where
    while not no but instead into over we you i he each every what how there both between across through via about such against without
    some more less all well out very only good better""".split()
)


def predicates(text: str) -> bool:
    """Whether a text has a verb, in English or in Chinese, so that it can claim anything at all."""
    if HEADING.match(text) or any(sign.search(text) for sign in (VERBS, EFFECT, RELATES, PREDICATES, ACTS)):
        return True
    return any(word in LITTLE_WORDS and word not in NOUNS_AND_LINKS for word in WORDS.findall(text))


PREDICATES = re.compile(r"[给为][每各不]|[是把让会在被为了着就都]|[高好强快准稳]$|互相|彼此|\w+ (?:it|them)\b|\b\w{3,}(?:ises|izes|ates|uces|ents|ides|okes|ifies)\b", re.ASCII)


ACTS = re.compile(
    r"\b(?:(?:they|we|you|i) (?:\w+ly |also |then |can |will |just )?[a-z]{3,}|(?:it|this|which|that|one|he|she) (?:\w+ly |also |then )?(?:can|will|may|[a-z]{2,}(?:[^s\W]s|ed)))\b"
    r"|(?:^|[.;\n] ?)[a-z]{3,}ing (?:on|to|with|out|the|an?|each|all|its|their|more|some)\b"
    r"|\b(?!(?:of|in|to|for|from|with|by|on|at|and|or|as|than|into|over|per|via|the|a|an|all|each|every|any|some)\b)[a-z]{3,} (?:the|a|an|its|their|some|one another|each other)\b"
    r"|(?:^|[.;\n] ?)(?:add|use|apply|augment|initiali[sz]e|warm|replace|rotate|crop|mask|randomly|penali[sz]e|normali[sz]e|start|stop|tune|lower|choose|reduce|pick)\b [a-z]+ [a-z]+"
    r"|\b(?:becomes?|goes|go|zooms?|deals?|adapts?|transfers?|copes?|suits?|appl(?:y|ies)|performs?|generali[sz]es?|depends?|relates?|stabili[sz]es?)\b (?!and\b|or\b)[a-z]",
    re.ASCII,
)
"""A subject with what it does, a verb with its object, an order: signs that an English sentence has a verb."""

LISTS_KINDS = re.compile(
    r"^(?:[^,、:]{0,10}(?:有|包括|分为|知道|常见的?是?|主要是?|例如|比如)|(?:i know|there (?:are|is)|we have|examples?|common|kinds?|types?)\b)(?=[^,、:]{0,24}(?:注意力|attention))",
    re.ASCII,
)
"""A sentence that says which kinds of attention there are; every entry has to name one."""


def introduced(text: str, sentence: Sentence) -> bool:
    """Whether a sentence is a list that says of what: only the named parts of a key point can stand in one."""
    said = text[sentence.start : sentence.end]
    entries = KIND_ENTRIES.split(said)
    if BARE_TERM.search(said):
        return False
    if HEADING.match(said) or (USED_BY_ALL.search(said) and len(entries) > 1):
        return True
    if names_only(said):
        return True
    named = len(entries) > 1 and all(len(entry) < 40 and NAMES_KIND.search(entry) for entry in entries)
    return LISTS_KINDS.match(said) is not None and named


def names_only(said: str) -> bool:
    """Whether a sentence is a list of kinds of attention by name and nothing else, with or without "there are" in front."""
    bare = NAMES_OPENING.sub("", said)
    entries = [entry.strip() for entry in KIND_ENTRIES.split(bare) if entry.strip()]
    return len(entries) > 1 and all(KIND_NAME.fullmatch(entry) for entry in entries)


KIND_ENTRIES = re.compile(r"[,、和与及]|\band\b")
KIND_NAME = re.compile(
    r"(?:(?:the |an? )?(?:scaled )?(?:dot|inner)(?:[- ]?product)?|(?:the )?multi-? ?head(?:ed)?|self|cross|additive|multiplicative|bahdanau|luong|local|global|soft|hard|sparse|linear|causal|masked|channel|spatial|temporal|co|grouped[- ]query|multi[- ]query)(?:[- ]?(?:self-?)?attention)?"
    r"|(?:缩放)?点积|(?:缩放)?点积注意力?|多头(?:自?注意力?)?|自注意力?|(?:交叉|加性|乘性|局部|全局|软|硬|稀疏|线性|因果|掩码|通道|空间|时间|层次|双线性|分组查询)(?:自)?(?:注意力?)?(?:机制)?|(?:注意力)?(?:机制)?(?:等|etc)",
    re.ASCII,
)
NAMES_OPENING = re.compile(
    r"^(?:(?:there(?: are|'s| is)|i (?:only )?know(?: of)?|we have|common (?:ones|kinds|types) are|kinds|types|for example|e\.?g\.?|namely)[: ]+(?:the )?|[^,、:]{0,8}(?:有|包括|分为|知道|是|常见的?)(?:以下|这)?(?:几|[二三四五六])?种?:?)",
    re.ASCII,
)
NAMES_KIND = re.compile(r"注意|attention|点积|head|^\s*$")
BARE_TERM = re.compile(
    r"[:,、] ?(?:and )?(?:weights?|focus|relevance|learned|learning|adaptive|softmax|query|keys?|values?|importance|performance|accuracy|权重|聚焦|重要|自适应|学习|性能|准确率|查询|键|值) ?(?=[,、]|$)",
    re.ASCII,
)
"""A term of the field that is no entry of any list of uses or kinds."""
SALAD = re.compile(
    r"(?:\bthe \w+ ){4}|(?:[^的,]{1,5}的){5}|(?:\b\w+ (?:is|are) \w+ and ){2}|(?:\bit \w+ \w+, ){2}", re.ASCII
)
"""Words with grammar strewn between them."""

USED_BY_ALL = re.compile(r"都(?:在|会|能|已经)?(?:用|有|靠)[^,、]{0,6}$")


MIXED_GRAMMAR = re.compile(r"就是|可以|不用|不会|不像|不然|每个|几个|全部|一般|有点|防止|避免|[的是把让会在被它对从为到了着都再先得也做跑学没给加和当过]")
"""Chinese words of grammar that hold English terms together."""


def mixes(said: str) -> bool:
    """Whether a sentence is Chinese prose with English terms in it: its grammar is Chinese, however few its characters."""
    return len(set(MIXED_GRAMMAR.findall(said))) >= 2


BEADS = re.compile(r"[,、/|;·。>\n]+| - |(?<=[一-鿿]) +(?=[一-鿿])")
MANY_BEADS = 10


def beaded(text: str) -> bool:
    """Whether a whole answer is one string of many short entries, however they are parted.

    None of the honest labelled answers has so many and next to nothing else: a person looks before it earns anything.
    """
    sizes = [len(WORDS.findall(entry)) + len(HAN.findall(entry)) / 3 for entry in BEADS.split(text)]
    sizes = [size for size in sizes if size]
    return len(sizes) >= MANY_BEADS and sum(size <= 2 for size in sizes) >= 0.8 * len(sizes)


def is_word_list(text: str, sentence: Sentence) -> bool:
    """Whether a sentence only strings words together: many short entries and next to nothing that relates them.

    Entries under a line that introduces them ("used for:") are related by that line.
    """
    if sentence.head and text[sentence.head[1] : sentence.head[1] + 1] == ":":
        return False
    said = text[sentence.start : sentence.end]
    words, han = WORDS.findall(said), HAN.findall(said)
    if strung(said):
        return True
    if words and mixes(said):
        return False
    if len(han) >= 2 * len(words):
        entries = [entry for entry in SEPARATOR.split(said) if HAN.search(entry)]
        if len(entries) < 3:
            return False
        if len(entries) < 8 and any((EFFECT.search(e) and len(e) >= 5) or (len(e) >= 9 and PARTICLES.search(e)) for e in entries):
            return False
        if len(entries) < 8 and sum(1 for entry in entries if COMPARES.search(entry)) >= 2:
            return False
        long_enough = 5 if len(entries) >= 5 else 1
        related = sum(1 for entry in entries if len(entry) >= long_enough and LITTLE_SIGNS.search(entry))
        return sum(map(len, entries)) / len(entries) <= 6.5 and related <= 0.34 * len(entries)
    if len(words) < 3 or (len(words) <= 16 and RELATES.search(said)):
        return False
    little = sum(1 for word in words if word in LITTLE_WORDS)
    repeated = len(words) >= 8 and len(set(words)) <= 0.4 * len(words)
    return repeated or little <= (0.17 if len(words) >= 8 else 0.12 if len(words) >= 6 else 0) * len(words)
