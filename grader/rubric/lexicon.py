"""Words of the field that mean the same, in Chinese and English.

A pattern of a rubric may use a name from here in braces: `{weight}` stands for every way to say weight.  What is right or
wrong about an item belongs to its rubric; here is only what words mean.  Letters are matched in lower case and, since
patterns are compiled with `re.ASCII`, ``\\b`` is a border between Chinese and Latin letters too.
"""

# ruff: noqa: E501 - a list of words that mean the same is read and searched in one piece

from __future__ import annotations

import re

CONCEPTS: dict[str, str] = {
    # looking and choosing
    "attend": r"\b(?:re)?focus(?:s?es|s?ed|s?ing)?\b|\bconcentrat\w*|\battends?\b|\battending\b|\battended\b|\bpay(?:s|ing)? (?:more |most |"
    r"special |closer? |extra |its |their |greater |particular |most of (?:its|their) )*attention\b|\bzoom\w* in\b|\blook\w* (?:harder|"
    r"more closely|closely|mainly|mostly|carefully)|\bhighlight\w*|\bemphasi[sz]\w*|\bprioriti[sz]\w*|\bsingl\w* out\b|"
    r"\bpick\w* out\b|\bselect\w*|\bhom(?:es?|ing) in\b|\bspotlight\w*|\bstress(?:es)?\b|\bcar(?:es?|ing) (?:more )?about\b|\bdwell\w*|"
    r"\b(?:looks?|listens?) (?:at|to)\b|\bpick(?:s|ing)?\b|\bchoos\w+|\bconsult\w*|\bspend\w* (?:its|their|more|most)\b|"
    r"\bkeep(?:s|ing)? (?:its|an) eye\b|\bzero\w* in\b|\btun(?:es?|ing) in\b|\bfavou?r\w*"
    r"|聚焦|关注|注意(?!力)|集中|专注|突出|挑出|挑选|筛选|盯|着重|侧重|优先|强调|抓住|看重|重视|凸显|留意|锁定|选出|选择|倾斜|着眼|"
    r"多看|重点看|放大|(?:精力|心思|重心|目光|注意力|资源)[^,.]{0,6}(?:放在|用在|投向|投入|给)|抓(?:到|重点|关键)|划重点|把握",
    "important": r"(?<!un)\bimportant\b|(?<!ir)\brelevan\w+|\bkey (?=info\w*|parts?|words?|elements?|features?|points|content|details|inputs?|tokens?|aspects?|bits|pieces|regions?|ones)|\bcrucial\b|\bcritical\b|\bsalient\b|\bsignificant\b|"
    r"\buseful\b|\binformative\b|\bmatter(?:s|ed|ing)?\b|\bessential\b|\brelated\b|\bhelpful\b|\bvaluable\b|\bpertinent\b|\bworth\b|"
    r"\bmain\b|\bmost needed\b|\binteresting\b|\bimportance\b|\bcounts? (?:the )?most\b|\bneeded\b|\bneeds\b|\bcentral\b|\bvital\b"
    r"|(?<!不)(?<!无)(?:重要|关键|相关|有用|核心|重点|主要(?=信息|部分|内容)|要紧|有价值|有关|要害|值得|最该|该看|关系(?:最|很|更|比较)?(?:密切|紧密)|有帮助|最像|帮得上)",
    "irrelevant": r"\birrelevan\w+|\bunimportant\b|\bredundan\w+|\bnois[ey]\w*|\buseless\b|\bunrelated\b|\bunnecessary\b|\bdistract\w+|"
    r"\bsuperfluous\b|\bless (?:important|relevant|useful)\b|\bnot (?:important|relevant|useful)\b|\bclutter\b|\binsignificant\b|"
    r"\bthe rest\b|\bfiller\b|\bless relevant\b|\bdoes(?:n't| not) matter\b|\bdo(?:n't| not) matter\b|\bbackground\b|\bjunk\b|\btrivial\b"
    r"|无关|不相关|不重要|冗余|噪声|噪音|无用|没用|次要|多余|干扰|杂音|不必要|废话|重复信息|其余|其他信息|背景",
    "part": r"\bparts?\b|\bpieces?\b|\btokens?\b|\bwords?\b|\belements?\b|\bpositions?\b|\bregions?\b|\bitems?\b|\bsegments?\b|\binputs?\b|"
    r"\binformation\b|\binfo\b|\bfeatures?\b|\bpixels?\b|\bframes?\b|\bareas?\b|\bcomponents?\b|\bsections?\b|\bbits?\b|\bpatch(?:es)?\b|"
    r"\bplaces?\b|\bstates?\b|\bdata\b|\bsequence\b|\bentries\b|\bcontent\b|\bthings?\b|\bdetails?\b|\bcontext\b|\bsentence\b|\bsignals?\b|"
    r"\bspots?\b|\bstuff\b|\bvectors?\b|\bsymbols?\b|\bimage\b|\bwhat\b|\bchunks?\b|\bones?\b|\bvalues?\b"
    r"|部分|信息|位置|词|字|元素|区域|片段|内容|特征|单词|地方|输入|token|帧|像素|成分|向量|状态|细节|块|数据|序列|要素|条目|音节|线索|东西|步",
    "each": r"\beach\b|\bevery\b|\bdifferent(?:ly)?\b|\bindividual\w*|\bits own\b|\btheir own\b|\bper[- ](?:token|word|position|input|element)\b|\bvarying\b|"
    r"\bdiffering\b|\bvarious\b|\bunequal(?:ly)?\b|\bdistinct\b|\ball the\b|\ball\b|\bown\b|\bany\b|\bseparate\b"
    r"|每|各|不同|分别|逐|不一样|不等|所有|一个个|有高有低|有大有小|高低",
    "weight": r"\b(?:re)?weight(?:s|ed|ing|ings|age)?\b|\bscor(?:es?|ed|ing)\b|\bshares?\b|\bcoefficients?\b|\bproportions?\b|\bpercentages?\b|"
    r"\bprobabilit\w+|\bimportance values?\b|\bratings?\b|\bfractions?\b|\bdegrees? of importance\b|\brelevance values?\b"
    r"|权重|权值|分数|份额|系数|比重|得分|打分|加权|概率|占比|百分比|评分|比例|权(?=[,。]|$)|分配(?:多少|不同的?)注意力|权数",
    "assign": r"\bassign\w*|\bgiv(?:es?|en|ing)\b|\bgave\b|\bgets?\b|\bgetting\b|\breceiv\w+|\ballocat\w+|\bhas\b|\bhave\b|\bhaving\b|\bput(?:s|ting)?\b|"
    r"\bcomput\w+|\bcalculat\w+|\bdistribut\w+|\bset(?:s|ting)?\b|\battach\w*|\bapply\w*|\bappli\w+|\bproduc\w+|\bcarr(?:y|ies)\b|\bwith\b|"
    r"\bearns?\b|\bhands? out\b|\bmultipl\w+|\blearn\w*|\bascrib\w+|\bplac(?:es?|ing)\b|\buse[sd]?\b|\busing\b"
    r"|分配|赋予?|给|打|得到|获得|计算|算|加上|有|设置?|拥有|产生|学到|学习|对应|乘|分到|拿到|配|用",
    "combine": r"\bweighted[- ](?:sum|average|mean|combination|aggregat\w+|mix\w*|avg)\b|\bsum(?:s|med|ming)?\b|\baverag\w+|\bcombin\w+|"
    r"\baggregat\w+|\badd(?:s|ed|ing)? (?:them |it |everything )?up\b|\bmix\w*|\bblend\w*|\bcontribut\w+"
    r"|加权(?:求?和|平均|汇总|组合|聚合|相加|合并|后)|求和|汇总|聚合|相加|合并|贡献",
    # origin of weights
    "learn": r"(?<!deep )(?<!machine )\blearn(?:s|ed|t|ing|able)?\b(?! rate)|\btrain(?:ed|ing|able)\b|\bback-?prop\w*|\bgradient descent\b|\boptimi[sz]ed\b"
    r"|(?<!深度)(?<!机器)学习(?!率|中|领域|模型|算法|里)|学到|学会|学出|习得|训练|反向传播|可学|学得|学来",
    "adaptive": r"\badapt\w*|\bdynamic\w*|\bautomatic\w*|\bon the fly\b|\bdepend\w*|\bdata[- ]driven\b|\bcontext[- ]dependent\b|\binput[- ]dependent\b|"
    r"\bflexib\w+|\bitself decides?\b|\bdecides? (?:by|for) itself\b|\bown its own\b"
    r"|自适应|动态|自动|自行|自己(?:学|决定|算|调)|随.{0,12}(?:变|调整|而定|不同)|取决于|视.{0,6}而定|因.{0,6}而异|灵活|实时|临时|现算|按需",
    "byhand": r"\bfixed\b(?! ?-?(?:length|size|dim|vector|context|summary|state|width|one|single))|\bby hand\b|\bmanual\w*|\bhand[- ](?:set|picked|crafted|tuned|coded|designed|made|written)\b|\bpre-?set\b|\bpre-?defined\b|\bpredetermined\b|"
    r"\bconstants?\b|\bhard-?coded\b|\bset by (?:the )?(?:programmer|engineer|developer|human|person|user)s?\b|\bstatic\b|\bin advance\b|\bbeforehand\b|"
    r"\bnever chang\w+|\bdo(?:es)? not change\b|\bset by (?:people|us)\b"
    r"|固定(?!长度?|大小|维|的?向量|的?上下文|的?长度)|人工(?!智能)|手工|手动|预设|预先|事先|人为|写死|恒定|常数|静态|不变|手调",
    # gain
    "improve": r"\bimprov\w*|\bincreas\w*|\bboost\w*|\brais\w+|\bbetter\b|\benhanc\w*|\bhigher\b|\bgain\w*|\bstronger\b|\bmore (?=accura|precis|effective|efficient)|"
    r"\bgreater\b|\bbest\b|\b(?:go(?:es|ing)?|went|push\w*|shoots?|driv\w+) up\b|\bup by\b|\bgrows?\b|\brises?\b|\bgoes up\b|\bhelps?\b|\bgood\b|\bsharper\b|\bsuperior\b|\bbenefit\w*|\bstate[- ]of[- ]the[- ]art\b|\blifts?\b"
    r"|提高|提升|改善|增强|改进|更好|更高|更准|变好|变强|优化|增加|更强|更优|优于|上升|提振|更佳|加强|更精|更出色|变准|上去|升高|涨",
    "performance": r"\bperformance\b|\baccura\w+|\bresults?\b|\bprecis\w+|\bquality\b|\beffectiveness\b|\bpredict\w*|"
    r"\bcapabilit\w+|\bability\b|\bperform\w*|\bbleu\b|\brecall\b|\berrors?\b|\bunderstand\w*|\boutputs?\b|\btranslations?\b|\bcorrect\w*"
    r"|性能|准确|精度|效果|表现|质量|准度|能力|结果|成绩|指标|更准|正确率|精确|预测|判断|变准|错误率",
    "lower": r"\breduc\w*|\bdecreas\w*|\blower\w*|\bless\b|\bfewer\b|\bcuts?\b|\bcutting\b|\bsav\w+|\bsmaller\b|\bcheap\w*|\bavoid\w*|\bskip\w*|\bdrops?\b|\bshrink\w*|"
    r"\bminimi[sz]\w*|\blessen\w*|\blimit\w*|\bspar(?:e[sd]?|ing)\b|\bweaken\w*|\bsuppress\w*|\bmitigat\w*|\balleviat\w*|\bdown-?weigh\w*|\bfilter\w*"
    r"|减少|降低|减轻|减小|节省|节约|省|更少|更低|削减|缩减|下降|压低|少|缓解|过滤|抑制|滤除|滤掉|弱化|削弱|排除|剔除|跳过",
    "avoid": r"\bavoid\w*|\bprevent\w*|\bstop(?:s|ped|ping)?\b|\bkeep(?:s|ing)?\b.{0,40}\b(?:from|out of|away|stable|healthy|usable|well|flowing|alive)|\breduc\w*|\bmitigat\w*|\balleviat\w*|"
    r"\bsolv\w*|\baddress\w*|\bwithout\b|\bescap\w*|\bremov\w*|\bcounter\w*|\beliminat\w*|\bfix(?:es)?\b|\bguard\w*|\bovercom\w*|\bsidestep\w*|"
    r"\b(?:do|does|did|will|would|can|could)(?: not|n't)\b|\bcannot\b|\bneither\b|\bnot\b|\bno longer\b|\bfight\w*|\bcombat\w*|\bcurb\w*|\blimit\w*|\bless\b|\bagainst\b|"
    r"\blower\w*|\bdecreas\w*|\blessen\w*|\bprotect\w*|\btackl\w*|\bno\b|\bhelps? (?:with|against)\b|\bnor\b|\binstead of\b|\bso as not\b|\bwon't\b|\bhold\w* back\b|\bcontrol\w*"
    r"|避免|防止|减少|减轻|缓解|解决|降低|克服|消除|不会|不至于|不易|不再|免得|以免|防|不容易|规避|避开|杜绝|抑制|没有|摆脱|突破|无需|不用|不必|而不|不致|"
    r"不受|不需|不|免|抗|压制|对抗|控制|治|对付|少",
    # places of use
    "translation": r"\btranslat\w+|\bmt\b|\bnmt\b|翻译",
    "language": r"\bnlp\b|\bnatural[- ]language\b|\btext\b|\bsummari[sz]\w*|\bquestion[- ]answering\b|\bchatbots?\b|\blanguage models?\b|\bllms?\b|\blanguage modell?ing\b|"
    r"\bbert\b|\bgpt\w*|\bsentiment\b|\bdocuments?\b|\bchat\b|\bdialog\w*|\breading comprehension\b|\bnamed entit\w+|\blanguage (?:tasks?|processing|understanding)\b"
    r"|自然语言|文本|摘要|问答|语言模型|对话|聊天|情感分析|阅读理解|写作|文章|nlp|大模型|命名实体",
    "speech": r"\bspeech\b|\basr\b|\baudio\b|\bvoice (?:recognition|assistants?|input)\b|\bacoustic\b|\btts\b|\btranscri\w+|\bsubtit\w+|\bvoice (?:typing|search|control)\b|\bdictation\b|\bsound recognition\b|\bmusic generation\b|语音|音频|声音识别|声控|声音|听写|字幕|朗读|说话人|音乐生成|声学",
    "vision": r"\bimages?\b|\bvision\b|\bpictures?\b|\bphotos?\b|\bobject (?:detection|recognition)\b|\bcaption\w*|\bvit\b|\bsegmentation\b|\bocr\b|\bphoto search\b|\bface recognition\b|\bmedical (?:scans?|imag\w+)\b|\bvisual\b|\bradiolog\w+|\bx-?rays?\b"
    r"|图像|图片|视觉|目标检测|看图|图文|照片|图象|ocr|影像|人脸|相片|胸片",
    "video": r"\bvideos?\b|\bfilms?\b|\baction recognition\b|\bmovie\b|视频|录像|影片|动作识别",
    "otheruse": r"\brecommend\w*|\bsearch engines?\b|\bphoto search\b|\btime[- ]series\b|\bforecast\w*|\bprotein\w*|\balphafold\b|\bgraph (?:attention|neural|data)\b|\breinforcement learning\b|\bgenom\w*|"
    r"\bcode (?:generation|completion)\b|\bdrug\b|\bmolecul\w*|\bbioinformatics\b|\bweather\b|\bmulti-?modal\b|\brobot\w*|\bself-driving\b|\bautonomous driving\b"
    r"|推荐|搜索引擎|时间序列|时序预测|蛋白质|图神经网络|强化学习|代码生成|药物|分子|生物信息|天气|多模态|机器人|自动驾驶|医疗|金融",
    "use": r"\bus(?:e[sd]?|ing|age)\b|\bappl\w+|\bin (?:nlp|natural|machine|speech|image|video|computer|translation|text|vision)\b|\bsuch as\b|\be\.g\.|\blike\b|\bexamples?\b|\bfor instance\b|\btasks?\b|"
    r"\bappears?\b|\bfound in\b|\bhelps?\b|\bwork\w* (?:well )?(?:in|for|on)\b|\bfields?\b|\bareas?\b|\bdomains?\b|\bemployed\b|\bfor\b|\bin\b|\bwhen\b|\bpower\w*|\bwidespread\b|\bcommon\b|\bincluding\b|\bpopular\b|\bto\b|\bsystems?\b|\beverywhere\b"
    r"|应用|用于|用处|用途|用在|用到|使用|例如|比如|如|领域|任务|场景|常见|常用|可用|广泛|包括|出现|里|中|上|等|都|做",
    # kinds of attention
    "dotproduct": r"\bdot[- ]?products?\b|\binner[- ]?products?\b|\bscalar products?\b|\bq ?[·@x×.] ?k\b|\bqk(?:\^?\(?t\)?)?\b|\bq ?k\^|\bq times k\b|\bdot(?:ting|ted|s)?\b|点积|内积|点乘|数量积|相乘再求和|逐元素相乘(?:后|再)?(?:求和|相加)",
    "scaledattention": r"\bscaled[- ]?(?:dot|attention|version|variant|one|kind)|\bscal(?:ing|es|ed|e)\b|缩放",
    "multihead": r"\bmulti-? ?head(?:ed|s)?\b|\bmulti-? ?attention\b|\bmha\b|\b(?:several|many|multiple|parallel|different|eight|8|all|each|every|one|the|various) (?:attention )?heads?\b|\bheads\b|\bhead\b|多头|多个(?:注意力)?头|头",
    "selfattention": r"\bself-? ?attention\b|\bintra-?attention\b|\bself-? ?attentive\b|\battend\w* to itself\b|自注意|自我注意|内部注意|自关注",
    "additive": r"\badditive\b|\bbahdanau\b|\bconcat(?:enation)? attention\b|加性|加法注意|巴赫达瑙",
    "cross": r"\bcross-? ?attention\b|\bencoder-? ?decoder attention\b|交叉注意|互注意|编码器-?解码器注意",
    "otherkind": r"\b(?:local|global|sparse|linear|hard|soft|causal|masked|windowed?|sliding[- ]window|multiplicative|luong|bilinear|general|channel|spatial|flash|grouped[- ]query|multi[- ]query|hierarchical|axial|graph|co-?)[- ]?(?:self-?)?attention\b|\bgqa\b|\bmqa\b"
    r"|(?:局部|全局|稀疏|线性|硬|软|因果|掩码|滑动窗口|乘性|双线性|通道|空间|分组查询|多查询|层次|轴向|图)(?:自)?注意力",
    "query": r"\bquer(?:y|ies)\b|\bq\b|查询",
    "key": r"\bkeys?\b|\bk\b|键",
    "value": r"\bvalues?\b|\bv\b|值",
    "twovectors": r"\btwo vectors\b|\bboth vectors\b|\bpairs? of vectors\b|两个向量|两向量|向量之间",
    "sqrtd": r"\bsqrt ?\(? ?d(?:im(?:ension)?s?)?_?\(?[ a-z]{0,6}\)?|√ ?\(?d_?\(?k?\)?|\bsquare[- ]roots?\b|\broot (?:of )?(?:the )?(?:d\b|dim|key|size|d_?k)|\bd_?k? ?\^ ?\(?(?:0\.5|1/2|½)|\bd_?\(?k\)? ?\*\* ?0\.5|根号|平方根|开方|开根|\bsqrt\b|√|\bd_?k? to the (?:power of )?(?:one )?half",
    "divide": r"\bdivid\w*|\bscal(?:e[sd]?|ing)\b|\bover\b|\bdivision\b|\bdivisor\b|\bshrink\w*|\bshrunk\b|\bnormali[sz]\w+|/|\bdown by\b|\bdownscal\w*|\bscale factor\b|\bscaling factor\b|\bfactor\b|除|缩放|缩小|÷|因子",
    "multiply": r"\bmultipl\w+ (?:it |them |the (?:\w+ ){1,3})?(?:by|with)\b|\btimes\b(?= (?:the |its |a )?(?:sqrt|square|√|root|scal|factor|d_?k))|\bmagnif\w*|\bamplif\w*|\benlarg\w*|乘以|乘上|乘了|放大",
    "saturate": r"\bsaturat\w*|\b(?:one-?hot|peaky|peaked|too sharp|overly sharp|spiky|spik(?:es|ed))\b|\btiny gradients?\b|\b(?:extremely |very |too )?small gradients?\b|\bgradients? (?:\w+ ){0,3}(?:too |very |extremely )?small\b|\b(?:almost|nearly|hardly any|barely any|virtually) (?:no )?gradients?\b|\bdead gradients?\b|\bgradients? (?:\w+ ){0,4}(?:tiny|small|vanish\w*|flat|zero|disappear\w*|die|dying|close to zero|near zero)|"
    r"\bvanishing[- ]?gradients?\b|\bvanish\w*|\bflat (?:region|part|zone)s?\b|\bgradients? (?:\w+ ){0,3}(?:disappear\w*|die|dies)"
    r"|饱和|梯度.{0,4}(?:消失|弥散|太?变?小|过小|极小|很小|太小|变小|趋近于?零|接近于?(?:零|0)|为零|没了|几乎为)|独热|过于尖锐|太尖|过尖|one-?hot",
    "explode": r"\bexplo(?:d\w*|sion)\b|爆炸",
    "gradient": r"\bgradients?\b|\bsignals?\b|\bactivations?\b|\bvariance\b|\bderivatives?\b|梯度|信号|激活|方差|导数",
    "softmax": r"\bsoft-?max\b",
    "parallel": r"\bparalle\w*|\bin one go\b|\bat the same time\b|\bsimultaneous\w*|(?<!notice )(?<!see )(?<!know )(?<!tell )\bat once\b|\bconcurrent\w*|\ball positions together\b|\bside by side\b|并行|平行(?!线)|同时|一次性|一起算|并发",
    "several": r"\bseveral\b|\bmany\b|\bmultiple\b|\bmulti\b|\bmore than one\b|\beight\b|\b[2-9]\b|\ba (?:number|set|bunch|group) of\b|\bh\b|\bmulti-?head\b|\bsplits?\b|\beach\b|\bevery\b|\bdifferent\b|\btwo or more\b|\bdozens?\b|\bsets of\b|多|几个|若干|每个|各个|一组|八个|不同",
    "aspect": r"\baspects?\b|\bsub-?spaces?\b|\brelations?\b|\brelationships?\b|\bpatterns?\b|\bfeatures?\b|\brepresentations?\b|\bviews?\b|\bperspectives?\b|\bkinds?\b|\btypes?\b|\bangles?\b|\bthings?\b|\bprojections?\b|\bspecial\w*|\bsyntax\b|\bgrammar\b|\bsemantics?\b|\bmeaning\b|\bdependenc\w+|\bparts?\b|\bsomething\b|\bconnections?\b|\bcorrespondence|\bcues?\b|\blinks?\b|\binformation\b"
    r"|方面|子空间|关系|模式|特征|表示|角度|视角|类型|种类|语法|语义|侧面|含义|依赖|联系|维度|信息|重点|东西|内容|关联|指代|投影",
    "samesequence": r"\b(?:the |one and the |that |this |a )?(?:very )?(?:same|single|one) (?:input )?(?:sequence|sentence|input|source|text|set|tensor|series|matrix|data|place|x)\b|\bthe same one\b|\bthe same (?:tokens|words|positions|elements|vectors|x)\b|\b(?:sequence|input|sentence) itself\b|\bits own (?:sequence|input|sentence|tokens|elements|positions|words)\b|\bitself\b|"
    r"\bwithin (?:a|the|one|its) (?:single )?(?:sequence|sentence|input|text)\b|\bone another\b|\beach other\b|\b(?:every|all) other (?:token|word|position|element)s?\b|\bother (?:tokens|words|positions|elements)\b|\b(?:inside|within) (?:the|a|one) (?:same )?(?:sequence|sentence|input)\b"
    r"|同一(?:个|条|段|份)?(?:输入)?(?:序列|句|输入|来源|文本|数据|组|张量|矩阵|x)|(?:序列|输入|句子)(?:自身|本身|内部|里|内|中)|自身|一句话|彼此|互相|相互|同源|两两|其他(?:所有)?(?:位置|词|元素|token)|相同的?(?:输入|序列|来源)|同一(?:个)?(?:地方|x)|自己的?(?:序列|输入)",
    # advantages
    "cost": r"\bcomput\w+|\bcost\w*|\bcomplexit\w+|\bworkload\b|\boverhead\b|\bprocessing\b|\bflops?\b|\boperations?\b|\bresources?\b|\btime\b|\bmemory\b|\bexpensive\b|\bcheap\w*|\bcalculat\w*|\bwork\b|计算|复杂度|运算|开销|成本|耗时|资源|算力|运行时间|代价|速度|内存|显存",
    "quadratic": r"\bquadratic\w*|\bo ?\( ?[nlt] ?(?:2|\^ ?\(?2\)?|squared|\*\* ?2|[·*x]? ?[nlt])[^)]{0,8}\)|\b[nlt] ?\^ ?2\b|\b(?:n|l|length) squared\b|\bsquares? (?:of|with) (?:the )?(?:sequence )?(?:length|n\b)|\bl2\b|\bn2\b|\bsquare of (?:the )?(?:sequence )?length|\bgrows? (?:as|with) the square\b|平方|二次方?|n方|l方|o\(n2",
    "quickclaims": r"\bo ?\( ?1 ?\)|\bconstant[- ]time\b|\bfree of (?:any )?(?:cost|charge)\b|\bcosts? nothing\b|\bno cost\b|\b(?:is|runs in|always|takes|only) linear\b|\blinear (?:time|complexity|cost)\b|\bo ?\( ?[nl] ?\)|常数(?:时间|复杂度)|线性(?:复杂度|时间)|(?:复杂度|计算量)(?:是|为|总是|始终是?)?(?:线性|常数)|不需要(?:任何)?计算|不花",
    "generalise": r"\bgenerali[sz]\w*|\badapt\w*|\btransfer\w*|\bversatil\w*|\bapplicab\w+|\bapplied\b|\bflexib\w+|\breus\w+|\bwork\w* (?:well )?(?:on|for|in|across|with|beyond)\b|\bfits?\b|\bunseen\b|\bnew (?:data|tasks|domains|inputs)\b|\bgeneral(?:-purpose)?\b|\buniversal\w*|\bcarr(?:y|ies) over\b|\bsame (?:mechanism|idea|recipe|block|architecture|module)\b|\bused (?:in|for|across|on)\b|\bsuits?\b|\bhandles?\b"
    r"|泛化|适应|迁移|通用|适用|推广|可用于|普适|用于|应用于|复用|没见过|新(?:数据|任务|领域)|举一反三|万能|照搬|用在|能用|胜任|套用",
    "domains": r"\btasks?\b|\bdomains?\b|\bdata\b|\bmodalit\w+|\bfields?\b|\binputs?\b|\bproblems?\b|\bapplications?\b|\bsettings?\b|\bimages?\b|\bareas?\b|\barchitectures?\b|\btexts?\b|\blanguages?\b|\bexamples?\b|\bsituations?\b|任务|领域|数据|模态|场景|问题|输入|应用|图像|语种|语言|情况|样本",
    "distant": r"\bdistan\w+|\bfar\b|\blong[- ]?(?:range|distance|term)\b|\blong[- ]?(?:sequences?|inputs?|sentences?|texts?|documents?|context\w*|passages?|dependenc\w+)\b|\bremote\b|\bapart\b|\banywhere\b|\blengthy\b|\bany two\b|\bevery pair\b|\blonger\b|\bopposite ends?\b"
    r"|长距离|远距离|长程|远程|远处|长序列|长文本|长句|较远|很远|遥远|相隔|距离|任意两个?|跨度|前后文|首尾|隔得|长输入|长期依赖|长依赖|隔着|更长|很长|多远|长篇",
    "fixedvector": r"\bfixed[- ]?(?:length|size|width|dimension\w*)\b|\bsingle (?:fixed )?(?:context )?(?:vector|state|summary)\b|\bbottleneck\b|\bone (?:single |fixed |context )*vector\b|定长|固定长度|长度固定|固定大小|大小固定|固定维|固定的?向量|瓶颈|一个(?:固定的?)?向量|单一向量",
    "visible": r"\bvisuali[sz]\w*|\bplot\w*|\binspect\w*|\blook\w* at\b|\binterpret\w*|\bexplain\w*|\bheat-?maps?\b|\btransparen\w+|\bsee\b|\bseen\b|\bseeing\b|\bshow\w*|\bdraw\w*|\bdisplay\w*|\bview\w*|\bexamin\w*|\breveal\w*|\btells? us\b|\bunderstand\w*|\bexplanation\b|\bread\b|\bdrawn\b|\bobserv\w*|\bprint\w*|\btrace[ds]?\b|\bpeek\w*|\bchecked\b"
    r"|可视化|视觉化|可解释|解释|热力图|热图|画|查看|看出|看到|观察|透明|展示|直观|看见|看得|检查|一目了然|看(?=哪|模型|它|权重|得|一)|打印",
    # optimisation
    "initialise": r"\binitiali[sz]\w*|\binit\b|\bstarting (?:weights|values|point)\b|\bstart(?:s|ing)? (?:values?\b|(?:from|with) (?:\w+ ){0,3}(?:weights|values|numbers|parameters|init\w*|zeros?)\b)|\bxavier\b|\bglorot\b|\bkaiming\b|\bhe (?:init|uniform|normal|or xavier)\b|\borthogonal\b|初始化|初始(?:权重|参数|值)|初值|起始|xavier|kaiming",
    "regularise": r"\bregulari[sz]\w*|\bl1\b|\bl2\b|\bweight[- ]?decay\b|\bdrop-?out\b|\blabel[- ]smooth\w*|\bearly[- ]?stop\w*|\bstop(?:ping|s|ped)? (?:the )?(?:training )?early\b|\bpenal\w+|\bl_?[12]\b|\brandom\w* (?:drop|zero|switch|disabl|turn)\w*|\bl1/l2\b"
    r"|正则|权重衰减|dropout|标签平滑|早停|提前停止|惩罚|随机失活|丢弃|提早停止|及早停",
    "overfit": r"\bover-?fit\w*|\bmemori[sz]\w*|\bgenerali[sz]\w*|\bco-?adapt\w*|\brote\b|过拟合|死记|背(?:下|题|住|训练)|泛化|记住训练|过度拟合",
    "rate": r"\blearning[- ]?rates?\b|\blr\b|\bstep[- ]?sizes?\b|学习率|步长|学习速率",
    "schedule": r"\bwarm-?(?:ing)?[- ]?(?:up)?\b|\bdecay\w*|\bcosine\b|\bschedul\w*|\banneal\w*|\blower\w*|\breduc\w*|\bdecreas\w*|\bsmall(?:er)?\b.{0,40}\b(?:increas|rais|grow|then)\w*|\bramp\w*|\bgradual\w*|\badjust\w*|\bshrink\w*|\bcut(?:s|ting)?\b|\bchang(?:e|ing)\b|\bdrop(?:s|ping)?\b|\braising\b|\brais\w+|\btun(?:e|ed|ing)\b|\bplateau\b|\bone-?cycle\b|\bdynamic\w*|\bstep-?wise\b"
    r"|预热|热身|衰减|余弦|退火|调度|调整|调节|逐渐|逐步|先.{0,8}(?:再|后)|降低|减小|动态|递减|下降|warm|调小|变小|减半|慢慢|策略",
    "converge": r"\bconverg\w*|\bstab\w*|\bfast\w*|\bquick\w*|\bstead\w*|\bsmooth\w*|\bspeed\w*|\bdiverg\w*|\bsettl\w*|\baccelerat\w*|\boscillat\w*|\bblow(?:s|ing)? up\b|\bfine-tun\w*|\breliabl\w*|\bovershoot\w*|\bexplod\w*"
    r"|收敛|稳|更快|加快|加速|震荡|发散|平滑|速度|跑飞|来回|波动|振荡",
    "optimiser": r"\badam\w*|\bmomentum\b|\brmsprop\b|\badagrad\b|\badaptive (?:optimi[sz]ers?|learning|methods?)\b|\boptimi[sz]ers?\b|\bsgd\b|动量|adam|优化器|自适应学习率|rmsprop",
    "normalise": r"\blayer-? ?norm\w*|\brms-? ?norm\w*|\bbatch-? ?norm\w*|\bnormali[sz](?:e|ation|ing|ed) (?:layers?|the (?:activations?|inputs?|outputs?|hidden|features?|layer)|activations?|each|every)|\bnormali[sz]ation\b|\bpre-?norm\b|\bpre-?ln\b|\bln\b|\bbn\b|\binstance-?norm\w*|\bgroup-?norm\w*"
    r"|层归一化|批量?归一化|归一化|正规化|层规范化|批规范化|layernorm|规范化|批标准化|层标准化|标准化|rmsnorm|batchnorm",
    "augment": r"\baugment\w*|\bback-?translat\w*|\bsynonym\w*|\bparaphras\w*|\bcrop\w*|\bmixup\b|\bcut-?mix\b|\bcutout\b|\brotat\w*|\bflip\w*|\badd(?:s|ing|ed)? (?:some )?(?:random )?nois\w+|\bmask(?:ing|ed)? (?:out )?(?:some |random |a few )?(?:words?|tokens?|parts?|inputs?|spans?)\b|\bnoise injection\b|\bspec-?augment\b|\bmore (?:varied |diverse )?(?:training )?data\b|\bextra (?:training )?(?:data|examples?|samples?)\b|\bsynthetic\b|\bvariations? of (?:the )?(?:data|training|example)"
    r"|数据增强|数据扩充|扩充|回译|同义词|改写|裁剪|加噪|噪声|遮盖|掩盖|翻转|旋转|随机遮|随机删|增广|合成数据|换种说法|造(?:更多|新)|增多数据|数据增广|变换",
    "cause": r"\bmak(?:e|es|ing)\b|\bcaus\w*|\bleads? to\b|\bresult\w* in\b|\bincreas\w*|\bproduc\w*|\bcreat\w*|\bworsen\w*|\bso that\b|\bin order to\b|\bto make\b|\bwants?\b|\bencourag\w*|\bpromot\w*|导致|造成|使得?|引起|让|加剧|增加|促使|引发|促进|加重|为了",
    "harm": r"\bworsen\w*|\bworse\b|\bharm\w*|\bhurt\w*|\bdestroy\w*|\bdamag\w*|\bruin\w*|\bunstable\b|\bdestabili\w+|\buseless\b|\bpointless\b|\bleave (?:it|them|that) out\b|\bincreas\w* (?:the )?(?:risk of )?over-?fit\w*|"
    r"\bcaus\w+ (?:more )?over-?fit\w*|\bmore over-?fit\w*|\bdo(?:es)? nothing\b|\bdegrad\w*|\bslows? (?:down )?(?:the )?(?:training|convergence)|\bdiverge[sd]?\b|\bremoved?\b|\bno (?:use|help|effect|benefit|good)\b"
    r"|\b(?:should|must|ought to|can|could|may) (?:\w+ )?(?:be )?(?:avoided|dropped|removed|taken out|left out|skipped|thrown out|switched off|abandoned|never|not be)\b|\bbest avoided\b|\ba bad idea\b|\bwaste\w*|\bbreaks\b|\bcrippl\w*|\bconfus\w+ the\b|\bdumber\b|\bstupid\w*|\bnot worth\b|"
    r"\bmak\w+ (?:\w+ ){0,2}(?:unstable|worse|slower|dumber|harder|useless|random)\b|变笨|变傻|变慢|变坏|拖慢|拖累|帮倒忙|添乱|学不[好到会]|训不动|不收敛|浪费|白费|白做|多此一举|画蛇添足|没必要|不划算|得不偿失|坏处|弊大|徒劳|适得其反|拉低"
    r"|损害|加剧|加重|更严重|变差|更差|不稳定|没有?用|没什么用|无用|没有效果|没意义|应该?去掉|去掉|不该|不应|有害|破坏|降低泛化|导致过拟合|增加过拟合",
    "define": r"\bmeans?\b|\b(?:is|are) (?:about|for|when|where|to|a|an|the|how|simply|just|basically)\b|\brefers? to\b|\bstands for\b|就是|是指|指的?是|意思是|意味着|是为了|用来|目的是|是把|是让|是将|是一种",
    "against": r"\b(?:never|don't|not|avoid|skip|drop|remove|throw\w*|ditch|forget|omit|slow\w*|worse\w*|waste\w*|garbage|junk|useless|pointless|bad|harm\w*|hurt\w*|confus\w*|ruin\w*|break\w*|damag\w*|unnecessary|overrated|only adds|nonsense|stupid|silly|wrong|cost too much|too much)\b"
    r"|不如|没什么|没啥|没有?意|没用|别(?!的|人)|千万|最好不|少用|慎用|不建议|不推荐|不该|不应|不必|不用|不要|不值|变差|变坏|变慢|变笨|变糟|更差|更糟|更慢|糊涂|坏事|拖|去掉|删掉|扔掉|丢开|浪费|白费|多余|鸡肋|反而|毁|伤|捣乱|负担|累赘",
    "useless": r"\b(?:does|do|did|will|would|can|could|has|have)(?: not|n't) (?:\w+ )?(?:help|reduce|improve|prevent|work|matter|do anything|fight|stop|speed|affect|influence)\b|\bcan ?not (?:help|prevent|reduce|improve)\b|\b(?:has|have|makes?|of|with) no (?:\w+ )?(?:effect|use|difference|help|benefit|influence|impact|purpose)\b|\bno (?:use|help|point)\b|"
    r"\buseless\b|\bpointless\b|\bunnecessary\b|\bharmful\b|\bneedless\b|\ba waste\b|\bdo(?:es)? nothing\b|\bcounter-?productive\b|\bnever helps?\b"
    r"|(?:没有?|毫无|不起|无)(?:任何|什么|多大|半点|一点|丝毫)?(?:作用|用处|用(?![于在到])|效果|帮助|影响|意义|好处|必要|关系)|无(?:效|益|济于事)|帮不上|不重要|无所谓|不管用|多余|(?:不|无法|不能|不会)(?:减少|防止|避免|提高|提升|改善|缓解)",
    "same": r"\bsame\b|\balike\b|\bequal(?:ly)?\b|\bidentical\w*|\buniform\w*|\bevenly\b|\bindiscriminate\w*|\bexactly alike\b|\bno difference\b|一视同仁|相同|一样(?!重要的是)|平均|均等|同等|同样|平等|均匀|一致|不分轻重|不加区分|平分",
}

MACRO = re.compile(r"\{([a-z]{3,20})\}")


def expand(pattern: str) -> str:
    """`pattern` with every ``{name}`` of a known concept replaced by the words that mean it."""
    return MACRO.sub(lambda m: f"(?:{CONCEPTS[m[1]]})" if m[1] in CONCEPTS else m[0], pattern)


LITERAL = re.compile(r"[a-z]{6,24}")
PREFIX_LITERAL = re.compile(r"\\[bw]|\\.|\(\?[:!=<]+|\[[^\]]*\]")


def words_of(pattern: str) -> frozenset[str]:
    """The Latin words of six letters and more that `pattern` can be read to spell."""
    return frozenset(LITERAL.findall(PREFIX_LITERAL.sub(" ", expand(pattern))))


# Words one slip away from a word of the subject that mean something else, and whole forms of stems above.
WHOLE_WORDS = frozenset(
    """attention mechanism relevant irrelevant important unimportant redundant information different weights weight weighted
    adaptive adaptively dynamically automatically learned learning trained training computed calculated assigned allocated
    performance accuracy accurate inaccurate efficiency efficient inefficient translation language speech recognition
    processing images vision complexity computation computational parallel quadratic generalization generalisation
    generalize generalise generalizes generalises adapts adapted adopted adopt domain domains distant distance dependency
    dependencies sequence sequences position positions bottleneck interpretability interpretable interpret visualize
    visualise visualized product products scaled scaling divided multiplied square softmax saturate saturates saturating saturation
    gradient gradients vanish vanishing vanishes explode exploding heads parallelly subspace subspaces representation
    representations relation relations relationship relationships queries values initialization initialisation initialize
    regularization regularisation dropout overfitting underfitting smoothing stopping schedule scheduler convergence
    converge converges diverge diverges momentum optimizer optimiser normalization normalisation normalize batch layer
    stability stable unstable augmentation augment masking paraphrase paraphrasing cropping translate translated
    concentrate concentrates concentrating focuses focusing focused highlights emphasizes emphasises importance
    contribute contributes contribution contributions combination average averaged aggregate improves improve improved
    increase increases decrease decreases reduces reduce reduced prevents prevent avoids avoiding constant linear
    transfer transfers flexible inspect plotted heatmap explain explained parameters dimension dimensions similar similarity
    factor factors function functional another others through thought though because before""".split()
)

TECHNICAL = re.compile(
    r"\b(?:model|network|neural|attention|weight|vector|softmax|quer(?:y|ies)|train(?:ing|ed)?|gradients?|tokens?|sequences?|transformer|rnn|lstm|encoder|decoder|"
    r"learning|input|output|accuracy|performance|parameters?|embedding|layers?|heads?|dropout|overfit\w*|regulari[sz]\w*|normali[sz]\w*|initiali[sz]\w*|augment\w*|"
    r"optimi[sz]\w*|data|nlp|translation|speech|matrix|dimension\w*|comput\w*|complexity|generali[sz]\w*|batch|loss|dot|product|scal\w+|decay|norm|dependenc\w+|interpretab\w*|parallel\w*)s?\b"
    r"|模型|网络|神经|注意力|权重|向量|训练|梯度|序列|编码|解码|学习|输入|输出|准确|性能|参数|层|多头|过拟合|正则|归一化|初始化|增强|优化|数据|自然语言|翻译|语音|矩阵|维|计算|复杂度|泛化|损失|"
    r"点积|内积|缩放|衰减|依赖|可解释|并行|特征|查询|键|softmax|token",
    re.ASCII,
)
"""Words that show that a sentence speaks in the field's terms, not in a picture of its own."""
