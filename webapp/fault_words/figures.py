"""What is said of figures, and its Chinese; `⟨…⟩` is what a message names, on both sides."""

FIGURES = {
    "an image has no alternative in ⟨language⟩: write ![what it shows](…)":
        "图片缺⟨language⟩替代文字：请写成 ![图中内容](…)",
    "⟨name⟩ shows ⟨more⟩ images in ⟨one⟩ and ⟨fewer⟩ in ⟨other⟩: show each in both, with its alternative in that "
    "language":
        "⟨name⟩的⟨one⟩有 ⟨more⟩ 张图，⟨other⟩有 ⟨fewer⟩ 张：两种语言都要放上每张图，并各写替代文字",
    "an image stands in ⟨name⟩, which is one line of text: move it to the question":
        "⟨name⟩只有一行文字，不能放图片：请移到题目正文",
    "an image has no address: write ![what it shows](figures/NAME.svg)":
        "图片没有地址：请写成 ![图中内容](figures/名字.svg)",
    "the image ⟨address⟩ lies elsewhere: put the SVG into figures/ beside the text":
        "图片 ⟨address⟩ 不在题库里：请把 SVG 文件放进同一文件夹下的 figures/",
    "the image ⟨address⟩ leads out of the bank's folder: put it into figures/":
        "图片 ⟨address⟩ 指向题库文件夹之外：请放进 figures/",
    "the image ⟨address⟩ is no SVG: draw it as figures/NAME.svg": "图片 ⟨address⟩ 不是 SVG：请画成 figures/名字.svg",
    "the image ⟨name⟩ is not read as one: write ![what it shows](⟨address⟩)":
        "图片 ⟨name⟩ 的写法不对：请写成 ![图中内容](⟨address⟩)",
    "the image ⟨address⟩ is not called figures/NAME.svg: put it into figures/ beside the text, its name in letters, "
    "digits, dots and hyphens":
        "图片 ⟨address⟩ 的名字应形如 figures/名字.svg：请放进同一文件夹下的 figures/，"
        "名字只用英文字母、数字、点和连字符",
    "there is no figure ⟨name⟩: ⟨hint⟩": "没有图片 ⟨name⟩：⟨hint⟩",
    "no text shows this figure: write ![what it shows](⟨name⟩), or remove it":
        "没有哪段文字用到这张图：请写上 ![图中内容](⟨name⟩)，或删去",
    "the figure has no colours for a dark page: add @media (prefers-color-scheme: dark) { … } to its <style>":
        "这张图没有深色页面的配色：请在 <style> 里加上 @media (prefers-color-scheme: dark) { … }",
    "the figure is no file of the folder figures: put the file itself there":
        "这不是 figures 文件夹里的文件：请把文件本身放进去",
    "the figure's name has other signs than letters, digits, dots and hyphens: rename it":
        "图片文件名只能用英文字母、数字、点和连字符：请改名",
    "the figure has more than ⟨most⟩ KiB: draw less, or round its numbers":
        "图片超过 ⟨most⟩ KiB：请少画一些，或减少小数位数",
    "the figure has more than ⟨most⟩ elements: draw less": "图片的元素超过 ⟨most⟩ 个：请少画一些",
    "the figure is nested deeper than ⟨most⟩ elements: draw it flatter": "图片嵌套超过 ⟨most⟩ 层：请减少层次",
    "the figure is not XML (⟨said⟩): mend it": "图片不是合法的 XML（⟨said⟩）：请改正",
    "the figure says it is in ⟨name⟩: save it as UTF-8 and say so":
        "图片声明的编码是 ⟨name⟩：请存为 UTF-8，并如实声明",
    "a figure has no document type and no entities: remove <!DOCTYPE …>":
        "图片里不能有文档类型和实体：请删去 <!DOCTYPE …>",
    "a figure holds no <?⟨name⟩ …?>: remove it": "图片里不能有 <?⟨name⟩ …?>：请删去",
    "a figure is SVG, and this is <⟨name⟩>: save the drawing as SVG": "图片应是 SVG，这里是 <⟨name⟩>：请存为 SVG",
    "<svg> does not say what it is, and browsers show nothing: write <svg xmlns=\"⟨address⟩\" …>":
        "<svg> 没有声明命名空间，浏览器显示不出来：请写 <svg xmlns=\"⟨address⟩\" …>",
    "<svg> has no viewBox, so it does not fit a phone: write viewBox=\"0 0 WIDTH HEIGHT\"":
        "<svg> 没有 viewBox，在手机上放不下：请写 viewBox=\"0 0 宽 高\"",
    "<⟨name⟩> is not SVG: save the drawing as plain SVG, or remove it":
        "<⟨name⟩> 不属于 SVG：请另存为普通 SVG，或删去",
    "<⟨name⟩> has no place in a figure, where nothing runs: remove it": "图片里什么都不能运行，不能有 <⟨name⟩>：请删去",
    "<⟨name⟩> moves, and figures stand still: remove it": "图片是静止的，不能有 <⟨name⟩>：请删去",
    "<⟨name⟩> brings in what is no drawing: draw it with SVG's own shapes and text":
        "<⟨name⟩> 引入了图形以外的内容：请只用 SVG 自己的图形和文字",
    "<⟨name⟩> has no place in a figure: use shapes, text, gradients and <use>":
        "图片里不能有 <⟨name⟩>：可用图形、文字、渐变和 <use>",
    "an element stands inside <style>: remove it": "<style> 里有元素：请删去",
    "⟨name⟩ leads to ⟨address⟩: a figure shows what it holds itself, as in href=\"#id\"":
        "⟨name⟩ 指向 ⟨address⟩：图片只能引用自己的内容，例如 href=\"#id\"",
    "⟨name⟩ is an event, and nothing in a figure runs: remove it": "⟨name⟩ 是事件，图片里什么都不能运行：请删去",
    "the attribute ⟨name⟩ has no place in a figure: remove it": "图片里不能有属性 ⟨name⟩：请删去",
    "nothing in the figure has the id ⟨id⟩: mend the reference": "图片里没有 id 为 ⟨id⟩ 的元素：请改正引用",
    "references in the figure lead in a circle, or draw more than ⟨most⟩ elements: draw less":
        "图片里的引用成环，或展开后超过 ⟨most⟩ 个元素：请少画一些",
    "a \\ stands in a style: write letters as they are": "样式里有 \\：请直接写字符",
    "a comment in a style is never closed: add */": "样式里的注释没有结束：请加上 */",
    "⟨name⟩ has no place in a figure's style: of such rules only @media has":
        "图片的样式里不能有 ⟨name⟩：这类规则只能用 @media",
    "⟨name⟩(…) has no place in a figure's style: a colour is written as one, and a reference as an attribute, as in "
    "fill=\"url(#id)\"":
        "图片的样式里不能有 ⟨name⟩(…)：颜色请直接写，引用请写成属性，例如 fill=\"url(#id)\"",
    "⟨name⟩ has no place in a figure: it stands still and is drawn plainly":
        "图片里不能有 ⟨name⟩：图片是静止的，只用普通画法",
}  # fmt: skip
