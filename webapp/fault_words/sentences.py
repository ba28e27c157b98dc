"""The messages about a bank and their Chinese; `⟨…⟩` is what a message names, on both sides."""

from webapp.fault_words.figures import FIGURES

SENTENCES = {
    **FIGURES,
    # the file
    "this is not UTF-8: save the file as UTF-8": "文件不是 UTF-8 编码：请另存为 UTF-8",
    "the file has more than ⟨most⟩ characters: split the bank into several files":
        "文件超过 ⟨most⟩ 个字符：请把题库拆成几个文件",
    "the line has more than ⟨most⟩ characters: break it": "这一行超过 ⟨most⟩ 个字符：请断行",
    "a NUL or half of a surrogate pair stands here: remove it": "这里有空字符（NUL）或不完整的字符：请删去",
    "a text of more than ⟨most⟩ characters is shown as it is: shorten it":
        "超过 ⟨most⟩ 个字符的文字不会排版，只会原样显示：请缩短",
    "this comment is never closed: add -->": "注释没有结束：请加上 -->",
    "the folder holds no Markdown: add a file NAME.md with `yaml bank` and items":
        "文件夹里没有 Markdown 文件：请加一个含 `yaml bank` 和题目的 .md 文件",
    # fences
    "the fence is not closed before line ⟨line⟩: add ⟨marker⟩, or open and close it with ⟨longer⟩ if it holds fences":
        "代码块到第 ⟨line⟩ 行还没有结束：请加上 ⟨marker⟩；若里面还有代码块，首尾请用 ⟨longer⟩",
    "the fence is not closed: add ⟨marker⟩, or open and close it with ⟨longer⟩ if it holds fences":
        "代码块没有结束：请加上 ⟨marker⟩；若里面还有代码块，首尾请用 ⟨longer⟩",
    "the fence⟨name⟩ is not closed before line ⟨line⟩: add ⟨marker⟩, or open and close it with ⟨longer⟩ if it "
    "holds fences":
        "代码块⟨name⟩ 到第 ⟨line⟩ 行还没有结束：请加上 ⟨marker⟩；若里面还有代码块，首尾请用 ⟨longer⟩",
    "the fence⟨name⟩ is not closed: add ⟨marker⟩, or open and close it with ⟨longer⟩ if it holds fences":
        "代码块⟨name⟩ 没有结束：请加上 ⟨marker⟩；若里面还有代码块，首尾请用 ⟨longer⟩",
    "the fence⟨name⟩ is not closed⟨where⟩: close it with as many ⟨marker⟩":
        "代码块⟨name⟩ 没有结束：请用同样多的 ⟨marker⟩ 结束",
    "⟨name⟩ stands in a list or quote: move it to the margin": "⟨name⟩ 在列表或引用里：请移到行首",
    "⟨name⟩ is indented, and no fence: move it to the margin": "⟨name⟩ 有缩进，不算代码块：请移到行首",
    "⟨name⟩ opens no fence: write three backticks, ```⟨info⟩": "⟨name⟩ 不能开始代码块：请写三个反引号，```⟨info⟩",
    "this fence has no role and is shown as it stands: did you mean '⟨meant⟩'?":
        "这个代码块没有写用途，会原样显示：是想写 '⟨meant⟩' 吗？",
    "unknown fence ⟨name⟩; ⟨nearest⟩": "不认识的代码块 ⟨name⟩；⟨nearest⟩",
    "⟨word⟩ after '⟨language⟩ ⟨role⟩' has no meaning: remove it":
        "'⟨language⟩ ⟨role⟩' 后面的 ⟨word⟩ 没有意义：请删去",
    "a fence for '⟨role⟩' stands outside an item: move it below a ### heading":
        "'⟨role⟩' 代码块不在题目里：请移到某个 ### 标题下面",
    "a fence for '⟨role⟩' stands outside an item: move it below the first # heading":
        "'⟨role⟩' 代码块的位置不对：请移到第一个 # 标题下面",
    "shared code stands inside an item: move it before the first item": "共用代码在题目里：请移到第一道题之前",
    "the shared code is cut short: close its fence": "共用代码不完整：请结束它的代码块",
    # headings and labels
    "no item was found: an item starts at a ### heading, below a ## section":
        "没有找到题目：题目从 ### 标题开始，放在 ## 小节下面",
    "a ## heading opens a section, which has no id: write ### for an item":
        "## 标题开始的是小节，小节没有 id：题目请用 ###",
    "⟨line⟩ opens no item: write ### and a space before its title":
        "⟨line⟩ 不能开始一道题：标题前请写 ### 和一个空格",
    "a label (⟨name⟩) stands outside an item: an item starts at a ### heading":
        "标签（⟨name⟩）不在题目里：题目从 ### 标题开始",
    "⟨line⟩ is not read as a label: did you mean **⟨meant⟩:**?": "⟨line⟩ 没有当作标签：是想写 **⟨meant⟩：** 吗？",
    "nothing stands below this label: write its text, or remove the label":
        "这个标签下面没有内容：请写上，或删去标签",
    "this hint is empty: write it or remove the label": "这条提示是空的：请写上内容，或删去标签",
    "this text stands above the first label and is not shown: move it below one":
        "这段文字在第一个标签之前，不会显示：请移到某个标签下面",
    "a second ⟨language⟩ reading '⟨id⟩': join them, or rename one":
        "有两段⟨language⟩阅读材料 '⟨id⟩'：请合并，或给其中一段改名",
    "a second ⟨language⟩ ⟨part⟩ (the first is in line ⟨line⟩): join them":
        "⟨language⟩的⟨part⟩写了两次（第一次在第 ⟨line⟩ 行）：请合并",
    "a # at the start of a line without a space is text here: write '# ' or '\\#'":
        "行首的 # 后面没有空格，会当作文字：标题请写 '# '，文字请写 '\\#'",
    "$$…$$ stands inside a line: use $…$, or give the formula a line of its own":
        "行内不能用 $$…$$：请用 $…$，或让公式单独成行",
    # the bank's and the item's keys
    "no `yaml bank` block: the bank takes its id from the file's name and declares no languages; add one below "
    "the first heading":
        "没有 `yaml bank`：题库会用文件名作 id，也没有声明语言；请在第一个标题下面加上",
    "a second `yaml bank` (the first is in ⟨where⟩): a bank has one":
        "有两个 `yaml bank`（第一个在 ⟨where⟩）：题库只能有一个",
    "`yaml bank` stands inside an item: move it below the first heading":
        "`yaml bank` 在题目里：请移到第一个标题下面",
    "a second `yaml item` (the first is in line ⟨line⟩): join them":
        "有两个 `yaml item`（第一个在第 ⟨line⟩ 行）：请合并",
    "`⟨name⟩` has more than ⟨most⟩ characters: shorten it": "`⟨name⟩` 超过 ⟨most⟩ 个字符：请缩短",
    "`⟨name⟩` is not YAML: ⟨said⟩": "`⟨name⟩` 不是合法的 YAML：⟨said⟩",
    "⟨what⟩ must be `key: value` lines, not ⟨kind⟩": "⟨what⟩ 应写成一行行 `key: value`，不能是⟨kind⟩",
    "unknown key ⟨key⟩ in ⟨what⟩; ⟨nearest⟩": "⟨what⟩ 里有不认识的键 ⟨key⟩；⟨nearest⟩",
    "a key of ⟨what⟩ must be a word, not ⟨kind⟩": "⟨what⟩ 的键应是一个词，不能是⟨kind⟩",
    '⟨what⟩ must be a word: one with a colon and a space in it stands in quotes, "…: …"':
        '⟨what⟩ 应是一个词：里面有冒号加空格的要放在引号里，写成 "…: …"',
    "⟨what⟩ says ⟨key⟩ twice: keep one": "⟨what⟩ 里 ⟨key⟩ 写了两次：请只留一个",
    "the id ⟨id⟩ of the bank must match [a-z0-9-]+, as in 'attention'":
        "题库的 id ⟨id⟩ 只能用小写字母、数字和连字符，例如 'attention'",
    "unknown language ⟨language⟩: languages are zh and en": "不认识的语言 ⟨language⟩：可用的是 zh 和 en",
    "languages is empty: write languages: [zh, en]": "languages 是空的：请写 languages: [zh, en]",
    "unknown kind ⟨kind⟩; ⟨nearest⟩": "不认识的题型 ⟨kind⟩；⟨nearest⟩",
    "points must be more than 0 and at most 1000": "points 应大于 0，不超过 1000",
    "unknown limit ⟨limit⟩; ⟨nearest⟩": "不认识的限制 ⟨limit⟩；⟨nearest⟩",
    "the limit ⟨limit⟩ is ⟨number⟩: it must lie between ⟨low⟩ and ⟨high⟩":
        "限制 ⟨limit⟩ 写了 ⟨number⟩：应在 ⟨low⟩ 到 ⟨high⟩ 之间",
    "the limit ⟨limit⟩ must be a whole number": "限制 ⟨limit⟩ 应是整数",
    "the size of unit ⟨unit⟩ must be more than 0": "单位 ⟨unit⟩ 的大小应大于 0",
    "the size of unit ⟨unit⟩ must be a number, not ⟨kind⟩": "单位 ⟨unit⟩ 的大小应是数字，不能是⟨kind⟩",
    "limits have no effect on a ⟨kind⟩ item": "limits 对⟨kind⟩不起作用",
    "points is ⟨points⟩, but the ⟨what⟩ add up to ⟨total⟩: make them equal or leave points out":
        "points 写了 ⟨points⟩，而⟨what⟩合计 ⟨total⟩ 分：请改成相等，或不写 points",
    "the ⟨what⟩ add up to 0 points: give some of them points": "⟨what⟩合计 0 分：请给其中一些分值",
    "skill ⟨skill⟩ of item '⟨item⟩' has no name: add it to skills of `yaml bank`":
        "题目 '⟨item⟩' 的知识点 ⟨skill⟩ 没有名称：请加到 `yaml bank` 的 skills 里",
    "skill ⟨skill⟩ is named, and no item has it: mend its spelling":
        "知识点 ⟨skill⟩ 有名称，却没有题目用到：请检查拼写",
    "skill ⟨skill⟩ has no ⟨language⟩ name: write both": "知识点 ⟨skill⟩ 缺⟨language⟩名称：两种都要写",
    "difficulty is 1, 2 or 3: ⟨meaning⟩": "difficulty 写 1、2 或 3：⟨meaning⟩",
    # paths and prerequisites
    "`yaml path` stands inside an item: move it below the first heading":
        "`yaml path` 在题目里：请移到第一个标题下面",
    "the id ⟨id⟩ of the path must match [a-z0-9-]+, as in 'two-weeks'":
        "学习路径的 id ⟨id⟩ 只能用小写字母、数字和连字符，例如 'two-weeks'",
    "this path has no id: write id: two-weeks": "这条学习路径没有 id：请写 id: two-weeks",
    "⟨what⟩ has no title: write title: 中文 | English": "⟨what⟩没有标题：请写 title: 中文 | English",
    "this path has no sections: write sections: and below it - title: … and items: […]":
        "这条学习路径没有小节：请写 sections:，下面逐节写 - title: … 和 items: […]",
    "sections must be a list of - title: … and items: […], not ⟨kind⟩":
        "sections 应是列表，每项写 - title: … 和 items: […]，不能是⟨kind⟩",
    "this section of the path has no items: write items: [first-id, second-id]":
        "学习路径的这一节没有题目：请写 items: [first-id, second-id]",
    "the path ⟨id⟩ is there already (⟨where⟩): choose another id": "学习路径 ⟨id⟩ 已经有了（⟨where⟩）：请换一个 id",
    "the prerequisite ⟨item⟩ is no item of this bank; ⟨nearest⟩": "先做的题目 ⟨item⟩ 不在这个题库里；⟨nearest⟩",
    "⟨item⟩ is no item of this bank; ⟨nearest⟩": "这个题库里没有题目 ⟨item⟩；⟨nearest⟩",
    "⟨item⟩ stands in this path twice (first in line ⟨line⟩): keep one":
        "⟨item⟩ 在这条学习路径里写了两次（第一次在第 ⟨line⟩ 行）：请只留一个",
    "⟨item⟩ stands before ⟨other⟩ (line ⟨line⟩), which it recommends first: change their order":
        "⟨item⟩ 排在 ⟨other⟩（第 ⟨line⟩ 行）之前，却建议先做后者：请调换次序",
    "⟨item⟩ names itself as its prerequisite: name an item that comes before it, or none":
        "⟨item⟩ 把自己写成了先做的题目：请写排在它前面的题目，或不写",
    "prerequisites go round in a circle: ⟨items⟩; take one of them out":
        "先做的题目绕成了一圈：⟨items⟩；请去掉其中一个",
    # the item
    "the item has no id: add one to its heading, as in {#dot-product-attention}":
        "题目没有 id：请加在标题后面，例如 {#dot-product-attention}",
    "the id ⟨id⟩ must match [a-z0-9-]+, as in {#⟨example⟩}":
        "id ⟨id⟩ 只能用小写字母、数字和连字符，例如 {#⟨example⟩}",
    "the id '⟨id⟩' is taken by ⟨place⟩: choose another": "id '⟨id⟩' 已被 ⟨place⟩ 占用：请换一个",
    "the item has no title: write one after ###": "题目没有标题：请写在 ### 后面",
    "the item has no question: add **题目：** or **Question:**": "缺少题目内容：请加上 **题目：** 或 **Question:**",
    "the item has no starter: add a ```python starter fence": "缺少起始代码：请加上 ```python starter 代码块",
    "the item has no reference: add a ```python reference fence (the answer's code in line ⟨line⟩ may be one)":
        "缺少参考答案：请加上 ```python reference 代码块（第 ⟨line⟩ 行答案里的代码或许就是）",
    "the item has no reference: add a ```python reference fence": "缺少参考答案：请加上 ```python reference 代码块",
    "the item has no tests: add a ```python tests fence": "缺少测试：请加上 ```python tests 代码块",
    "no misconception shows that the tests catch mistakes: add some": "没有典型错误来检验测试能否抓住错误：请写几个",
    "the item has no rubric: add **评分：** or **Rubric:** with key points":
        "缺少评分标准：请加上 **评分：**，列出要点",
    "the item has no answer to show afterwards: add **答案：** or **Answer:**":
        "没有事后可看的答案：请加上 **答案：**",
    "the item has no options: add **选项：** or **Options:**": "缺少选项：请加上 **选项：**",
    "the item has no value: add **数值：** or **Value:**": "缺少数值：请加上 **数值：**",
    "a ⟨kind⟩ item has no rubric: remove it, or set kind: short-answer":
        "⟨kind⟩没有评分标准：请删去，或写 kind: short-answer",
    "a ⟨kind⟩ item has no options: remove them, or set kind: choice": "⟨kind⟩没有选项：请删去，或写 kind: choice",
    "a ⟨kind⟩ item has no values: remove them, or set kind: numeric": "⟨kind⟩没有数值：请删去，或写 kind: numeric",
    "a ⟨kind⟩ item has no units: remove them": "⟨kind⟩没有单位：请删去",
    "a ⟨kind⟩ item has no ⟨name⟩: remove it, or set kind: coding": "⟨kind⟩没有⟨name⟩：请删去，或写 kind: coding",
    "⟨name⟩ is missing in ⟨language⟩: ⟨remedy⟩": "⟨name⟩缺⟨language⟩：⟨remedy⟩",
    "⟨language⟩ is there for some texts but not for: ⟨names⟩": "有些文字有⟨language⟩，这些没有：⟨names⟩",
    "⟨zh⟩ hints in Chinese and ⟨en⟩ in English: readers of one get fewer":
        "中文提示 ⟨zh⟩ 条，英文提示 ⟨en⟩ 条：有一种语言的读者会少看到几条",
    "this text is English and stands below a Chinese label: is it meant to?":
        "这段文字是英文，却在中文标签下面：是有意的吗？",
    "this text is Chinese and stands below an English label: is it meant to?":
        "这段文字是中文，却在英文标签下面：是有意的吗？",
    # code
    "⟨what⟩ has more than ⟨most⟩ characters: shorten it": "⟨what⟩超过 ⟨most⟩ 个字符：请缩短",
    "⟨what⟩ has a syntax error (⟨python⟩): ⟨code⟩": "⟨what⟩有语法错误：⟨python⟩：⟨code⟩",
    "⟨what⟩ has a syntax error (⟨python⟩)": "⟨what⟩有语法错误：⟨python⟩",
    "⟨what⟩ cannot be parsed: it is nested too deeply or holds characters Python refuses":
        "⟨what⟩无法解析：嵌套太深，或含有 Python 不接受的字符",
    "⟨what⟩ uses ⟨name⟩, which nothing there defines: define or import it":
        "⟨what⟩用到 ⟨name⟩，却没有定义：请定义或导入",
    "⟨what⟩ is nested too deeply: simplify it": "⟨what⟩嵌套太深：请简化",
    "a second ⟨role⟩ (the first is in line ⟨line⟩): an item has one":
        "⟨role⟩写了两次（第一次在第 ⟨line⟩ 行）：一道题只能有一个",
    "this ⟨role⟩ has no name: write python ⟨role⟩ NAME": "⟨role⟩没有名字：请在代码块第一行的末尾写上名字",
    "the name ⟨name⟩ of ⟨role⟩ must match [a-z0-9-]+": "⟨role⟩的名字 ⟨name⟩ 只能用小写字母、数字和连字符",
    "two ⟨role⟩s are named ⟨name⟩ (the first is in line ⟨line⟩): rename one":
        "有两个⟨role⟩都叫 ⟨name⟩（第一个在第 ⟨line⟩ 行）：请给其中一个改名",
    "⟨what⟩ has no sentence: open it with a docstring 中文 | English":
        "⟨what⟩没有说明：开头请写文档字符串 中文 | English",
    "misconception ⟨name⟩ points to the reading ⟨id⟩, which the item does not hold: mend the line, or add the "
    "passage below **Reading (id):**":
        "典型错误 ⟨name⟩ 指向阅读材料 ⟨id⟩，题目里却没有：请改正这一行，或在 **阅读（id）：** 下面补上",
    "the reading '⟨id⟩' has no ⟨part⟩: write the title on the label's own line and the text below it":
        "阅读材料 '⟨id⟩' 缺⟨part⟩：标题写在标签同一行，正文写在下面",
    "this reading has no id: write it in brackets, as in **Reading (softmax-rows):**":
        "这段阅读材料没有 id：请写在括号里，例如 **阅读（softmax-rows）：**",
    "the id ⟨id⟩ of this reading must match [a-z0-9-]+: write it in brackets, as in **Reading (softmax-rows):**":
        "阅读材料的 id ⟨id⟩ 只能用小写字母、数字和连字符：写在括号里，例如 **阅读（softmax-rows）：**",
    "no misconception points to the reading '⟨id⟩': no one is led to it":
        "没有典型错误指向阅读材料 '⟨id⟩'：不会有人被引到这里",
    "the reading '⟨id⟩' shows the reference: explain without the fix":
        "阅读材料 '⟨id⟩' 露出了参考答案：请只讲道理，不给改法",
    # tests
    "the tests fence holds no test: write functions named test_…": "tests 代码块里没有测试：请写名为 test_… 的函数",
    "the tests of class ⟨name⟩ are not run: write functions": "类 ⟨name⟩ 里的测试不会运行：请写成函数",
    "the test ⟨name⟩ has no title: open it with a docstring 中文 | English, or rename it if it is a helper":
        "测试 ⟨name⟩ 没有标题：开头请写文档字符串 中文 | English；若是辅助函数，请改名",
    "the test ⟨name⟩ is asynchronous and would not run: write a plain function":
        "测试 ⟨name⟩ 是异步的，不会运行：请写普通函数",
    "two tests are named ⟨name⟩, and the first would not run: rename one":
        "有两个测试都叫 ⟨name⟩，前一个不会运行：请改名",
    "the test ⟨name⟩ asks for pytest's '⟨fixture⟩', which is not there: do without it":
        "测试 ⟨name⟩ 要用 pytest 的 '⟨fixture⟩'，这里没有：请不要用",
    "the test ⟨name⟩ asks for a fixture '⟨fixture⟩' nobody defines; ⟨nearest⟩":
        "测试 ⟨name⟩ 要用 fixture '⟨fixture⟩'，却没有定义；⟨nearest⟩",
    "'⟨name⟩' is a fixture and cannot be imported: make it an argument of the test":
        "'⟨name⟩' 是 fixture，不能导入：请写成测试函数的参数",
    "the points of ⟨name⟩ must be one number, 0 or more: @pytest.mark.points(2)":
        "⟨name⟩ 的分值应是一个不小于 0 的数：@pytest.mark.points(2)",
    "⟨name⟩ is marked ⟨mark⟩, and a test that does not run gives no points: remove it":
        "⟨name⟩ 标了 ⟨mark⟩，不运行的测试给不了分：请删去标记",
    "⟨name⟩ has an unknown mark ⟨mark⟩; ⟨nearest⟩": "⟨name⟩ 有不认识的标记 ⟨mark⟩；⟨nearest⟩",
    "nothing comes of this comparison: write assert before it": "这个比较没有用处：前面请写 assert",
    "what a test returns is not looked at: write assert": "测试返回什么都不会看：请写 assert",
    # options, values, variants
    "⟨text⟩ is no ⟨what⟩: write - [x] right or - [ ] wrong": "⟨text⟩ 不是⟨what⟩：对的写 - [x]，错的写 - [ ]",
    "⟨text⟩ has no box: write - [x] for right or - [ ] for wrong": "⟨text⟩ 没有方框：对的写 - [x]，错的写 - [ ]",
    "this ⟨what⟩ says nothing: write its text after the box": "这个⟨what⟩没有内容：请写在方框后面",
    "a list inside an ⟨what⟩ is not read: put it in one line": "⟨what⟩里面的列表读不到：请写在一行里",
    "⟨language⟩ has ⟨mine⟩ options where the other language has ⟨theirs⟩: write the same options in the same order":
        "⟨language⟩有 ⟨mine⟩ 个选项，另一种语言有 ⟨theirs⟩ 个：两边的选项和顺序要相同",
    "this option is right in one language and wrong in the other: mark both alike":
        "这个选项在一种语言里是对的，在另一种里是错的：两边要一致",
    "a choice needs at least two options: write - [x] right and - [ ] wrong":
        "选择题至少要有两个选项：对的写 - [x]，错的写 - [ ]",
    "no option is right: mark one with [x]": "没有正确的选项：请用 [x] 标出",
    "every option is right: is one of them meant to be wrong?": "所有选项都是对的：是不是有一个本该是错的？",
    "this option says the same as the one in line ⟨line⟩: change one": "这个选项与第 ⟨line⟩ 行的相同：请改其中一个",
    "the values differ between the languages: write them once, or alike":
        "两种语言的数值不同：请只写一次，或写得相同",
    "no value is right: write one like - [x] 42 ± 1%": "没有正确的数值：请写一个，例如 - [x] 42 ± 1%",
    "`units` is given but no value carries one: write it after the number":
        "写了 `units`，却没有数值带单位：请写在数字后面",
    "this value has no unit, and others have: write one after the number": "这个数值没有单位，别的有：请写在数字后面",
    "⟨text⟩ is not a value: write a number or {{name}}, then unit and ± 1%":
        "⟨text⟩ 不是数值：请写数字或 {{name}}，再写单位和 ± 1%",
    "⟨text⟩ is too large to compare: use another unit": "⟨text⟩ 太大，无法比较：请换一个单位",
    "the unit ⟨unit⟩ has no size: add units: {⟨name⟩: 1} to `yaml item`":
        "单位 ⟨unit⟩ 没有大小：请在 `yaml item` 里加 units: {⟨name⟩: 1}",
    "the unit ⟨unit⟩ is not in `units`; ⟨nearest⟩": "`units` 里没有单位 ⟨unit⟩；⟨nearest⟩",
    "the tolerance ⟨text⟩ must be a number above 0 or a percentage: ± 1%":
        "误差 ⟨text⟩ 应是大于 0 的数或百分比，例如 ± 1%",
    "the tolerance ⟨text⟩ accepts zero: keep it below 100%": "误差 ⟨text⟩ 连零也算对：请小于 100%",
    "the variant fence defines no function: write def variant(rng): return {…}":
        "variant 代码块没有定义函数：请写 def variant(rng): return {…}",
    "variant is called with one argument: write def variant(rng)": "variant 要接收一个参数：请写 def variant(rng)",
    "variant returns nothing: return a dictionary of parameters": "variant 没有返回值：请返回参数的字典",
    "{⟨name⟩} is shown as it stands: write {{⟨name⟩}} for the variant's value":
        "{⟨name⟩} 会原样显示：要显示变体的值，请写 {{⟨name⟩}}",
    "{{⟨name⟩}} has no value: add a ```python variant fence that returns it":
        "{{⟨name⟩}} 没有值：请加上返回它的 ```python variant 代码块",
    "{{⟨name⟩}} is not among what variant returns (⟨names⟩)": "variant 的返回值里没有 {{⟨name⟩}}（有 ⟨names⟩）",
    "⟨gap⟩ in a title: it is the same for everybody; move it to the text": "标题里有 ⟨gap⟩：标题人人相同，请移到正文",
    # rubrics
    "⟨text⟩ belongs to no key point: write - `id` (2) description": "⟨text⟩ 不属于任何要点：请写 - `id` (2) 描述",
    "⟨text⟩ is not a key point: write - `id` (2) description": "⟨text⟩ 不是要点：请写 - `id` (2) 描述",
    "the rubric holds no key points: write list items like - `id` (2) description":
        "评分标准里没有要点：请写列表，每条形如 - `id` (2) 描述",
    "a second rubric: one serves both languages, so join them": "评分标准写了两次：两种语言共用一份，请合并",
    "the key point ⟨name⟩ must match [a-z0-9-]+": "要点 ⟨name⟩ 的名字只能用小写字母、数字和连字符",
    "two key points are named ⟨name⟩: rename one": "有两个要点都叫 ⟨name⟩：请改名",
    "the key point ⟨name⟩ has no `yes:` rule, so nobody can earn it: add one":
        "要点 ⟨name⟩ 没有 `yes:` 规则，谁也得不到分：请加一条",
    "the key point ⟨name⟩ says nothing: describe it after its points": "要点 ⟨name⟩ 没有描述：请写在分值后面",
    "a key point has no quote: write rules as list items below it": "要点下面不写引用：规则请写成下一级列表",
    "the points of key point ⟨name⟩ must be a number above 0, not ⟨text⟩":
        "要点 ⟨name⟩ 的分值应大于 0，不能是 ⟨text⟩",
    "⟨word⟩ opens no rule: write yes:, half: or no:; ⟨nearest⟩":
        "⟨word⟩ 不能开始规则：请写 yes:、half: 或 no:；⟨nearest⟩",
    "the rule `⟨word⟩:` has an empty part: write a phrase or a `pattern`":
        "规则 `⟨word⟩:` 有一部分是空的：请写说法或 `pattern`",
    "⟨text⟩ is read as plain text: a pattern stands alone in its code span":
        "⟨text⟩ 当作普通文字：模式要单独放在反引号里",
    "⟨text⟩ is read as plain text, its signs included: write a pattern as `code`, and each language's words in a "
    "rule of its own":
        "⟨text⟩ 连符号一起当作普通文字：模式请写成 `code`，两种语言的说法各写一条规则",
    "⟨pattern⟩: the pattern has more than ⟨most⟩ characters: split it into several rules":
        "⟨pattern⟩：模式超过 ⟨most⟩ 个字符，请拆成几条规则",
    "⟨pattern⟩: the pattern is not a regular expression (⟨said⟩): mend or escape it":
        "⟨pattern⟩：不是合法的正则表达式（⟨said⟩），请改正或转义",
    "⟨pattern⟩: the pattern repeats a repetition, which can take forever on some answers: use limits such as "
    "{0,20}":
        "⟨pattern⟩：重复之中又有重复，遇到某些答案会算不完，请写上限，例如 {0,20}",
    "⟨pattern⟩: the pattern has more than two endless wildcards: use limits such as .{0,20}":
        "⟨pattern⟩：不限长的通配超过两处，请写上限，例如 .{0,20}",
    "⟨pattern⟩: the pattern matches an empty answer: make some part of it required":
        "⟨pattern⟩：空答案也能匹配，请让其中一部分必须出现",
    # what proving finds
    "the starter passes every test: leave the work to the student": "起始代码通过了全部测试：要让学生有事可做",
    "the reference cannot be loaded: ⟨why⟩": "参考答案无法载入：⟨why⟩",
    "the reference fails ⟨test⟩ with seed ⟨drawn⟩ (⟨why⟩): mend one of the two":
        "参考答案通不过 ⟨test⟩，种子 ⟨drawn⟩（⟨why⟩）：请改其中之一",
    "the reference passes and fails by turns with seed ⟨seed⟩: draw all random numbers from rng":
        "参考答案时而通过时而不通过，种子 ⟨seed⟩：随机数都要取自 rng",
    "the reference ⟨ends⟩: mend it, or raise the item's limits": "参考答案⟨ends⟩：请改正，或放宽题目的限制",
    "misconception ⟨name⟩ passes every test: add a test that it fails, or remove it":
        "典型错误 ⟨name⟩ 通过了全部测试：请加一个它通不过的测试，或删去它",
    "misconception ⟨name⟩ cannot be loaded: ⟨why⟩": "典型错误 ⟨name⟩ 无法载入：⟨why⟩",
    "misconception ⟨name⟩ is not recognised by its own outputs: a student who makes it is not told":
        "典型错误 ⟨name⟩ 凭自己的输出认不出来：犯这种错的学生得不到说明",
    "misconceptions ⟨one⟩ and ⟨other⟩ give equal outputs on every call: keep one of them":
        "典型错误 ⟨one⟩ 与 ⟨other⟩ 每次输出都相同：请只留一个",
    "misconception ⟨name⟩ ⟨ends⟩: make it return something wrong, or remove it":
        "典型错误 ⟨name⟩ ⟨ends⟩：请让它返回错误的结果，或删去它",
    "the tests let wrong submissions pass (⟨names⟩): test what is returned, on several inputs":
        "测试放过了明显错误的提交（⟨names⟩）：请用几组输入检查返回值",
    "⟨test⟩ passes whatever is submitted, the starter included: make it use what the submission returns":
        "无论提交什么，⟨test⟩ 都通过，起始代码也不例外：请让它检查提交的返回值",
    "⟨test⟩ ran for more than ⟨seconds⟩ s of its own: end its loop, or do less":
        "⟨test⟩ 自身运行超过 ⟨seconds⟩ 秒：请结束循环，或少做一些",
    "reference and tests take more than ⟨seconds⟩ s to load: do less there":
        "参考答案和测试载入超过 ⟨seconds⟩ 秒：请少做一些",
    "the tests cannot be collected: ⟨why⟩": "测试无法载入：⟨why⟩",
    "the variant code raised ⟨what⟩": "variant 代码抛出异常 ⟨what⟩",
    "the variant code took more than ⟨seconds⟩ s, or ended its own process: return a dict, and soon":
        "variant 代码超过 ⟨seconds⟩ 秒，或结束了自己的进程：请尽快返回字典",
    "the variant code gives other values each time: draw from rng alone":
        "variant 代码每次给的值不同：只能从 rng 取随机数",
    "all ⟨count⟩ variants are equal: draw from rng, or leave the fence out":
        "⟨count⟩ 个变体全都相同：请从 rng 取值，或不写这个代码块",
    "variant ⟨number⟩: the values on lines ⟨one⟩ and ⟨other⟩ cannot be told apart":
        "变体 ⟨number⟩：第 ⟨one⟩ 行和第 ⟨other⟩ 行的数值无法区分",
    "variant ⟨number⟩: the options on lines ⟨one⟩ and ⟨other⟩ say the same":
        "变体 ⟨number⟩：第 ⟨one⟩ 行和第 ⟨other⟩ 行的选项相同",
    "variant ⟨number⟩: {{⟨name⟩}} is used but variant(rng) does not return it":
        "变体 ⟨number⟩：用到了 {{⟨name⟩}}，variant(rng) 却没有返回它",
    "variant ⟨number⟩: `⟨name⟩` must be a finite number, a text, a truth or a list of them":
        "变体 ⟨number⟩：`⟨name⟩` 应是有限的数、文字、真假值，或它们的列表",
    "variant ⟨number⟩: variant(rng) must return a dictionary of names and values":
        "变体 ⟨number⟩：variant(rng) 应返回由名字和值组成的字典",
    "variant(rng) must return a dictionary of names and values": "variant(rng) 应返回由名字和值组成的字典",
    "choosing what is right is not full marks: mend the options": "选出全部正确的选项却得不到满分：请改正选项",
    "choosing this alone earns points: mark it with [x], or mend the options":
        "只选这一项就能得分：请用 [x] 标出，或改正选项",
    "choosing everything earns points: mend the options": "全选也能得分：请改正选项",
    "this option says nothing to whoever picks it: add a line > with feedback below it":
        "选了这一项的人看不到任何说明：请在下面加一行 > 写反馈",
    "this value says nothing to whoever gives it: add a line > with feedback below it":
        "填了这个数值的人看不到任何说明：请在下面加一行 > 写反馈",
    "the ⟨language⟩ answer earns ⟨earned⟩ of ⟨points⟩ points by the item's own rubric: say ⟨names⟩ in it, or add "
    "its words as a `yes:` rule":
        "按题目自己的评分标准，⟨language⟩答案只得 ⟨earned⟩/⟨points⟩ 分：请在答案里写到 "
        "⟨names⟩，或把答案的说法加成 `yes:` 规则",
    "variant ⟨number⟩: ⟨typed⟩ is recognised as the value on line ⟨line⟩: keep one of them, or narrow the "
    "tolerances":
        "变体 ⟨number⟩：⟨typed⟩ 会认作第 ⟨line⟩ 行的数值：请只留一个，或缩小误差",
    "⟨typed⟩ is recognised as the value on line ⟨line⟩: keep one of them, or narrow the tolerances":
        "⟨typed⟩ 会认作第 ⟨line⟩ 行的数值：请只留一个，或缩小误差",
    # keys of a block, said of many things
    "⟨what⟩ must be a word, not ⟨kind⟩": "⟨what⟩ 应是一个词，不能是⟨kind⟩",
    "⟨what⟩ must be a number, not ⟨kind⟩": "⟨what⟩ 应是数字，不能是⟨kind⟩",
}  # fmt: skip
"""Whole messages, those that say more before those that say less."""
