"""Many ways to say (and to deny) each key point, written from how people talk: what is decided is right, most is decided.

Each line: a key point, the award, the sentence.  A sentence may say something of other key points too; they are not asked.
"""

# ruff: noqa: E501 - an answer stands on one line

from __future__ import annotations

from pathlib import Path

import pytest

from grader.rubric import grade_short_answer
from questions import load_bank

BANK = load_bank(Path(__file__).parents[2] / "questions" / "banks" / "attention")

CONCEPT = """
focus 1 The network zooms in on the bits of the sentence that matter right now.
focus 1 It lets the decoder look mainly at the source words that are relevant to the current output.
focus 1 The model highlights the useful pieces of the input and plays down the rest.
focus 1 Attention picks out whatever is most relevant and tunes out the noise.
focus 1 It helps the network decide which parts of the input to concentrate on.
focus 1 More of the model's capacity goes to the pieces of input that are important.
focus 1 The mechanism selectively focuses on salient regions of an image.
focus 1 Rather than treating every word the same, it puts emphasis on the relevant ones.
focus 1 模型会重点看和当前任务相关的词。
focus 1 让网络把注意力放在关键的信息上，忽略不重要的部分。
focus 1 它从大量信息中筛选出对当前任务更关键的信息。
focus 1 模仿人的视觉，把资源集中到重要区域。
focus 1 就是抓重点，不重要的少看。
focus 1 模型能够有选择地关注输入中有用的内容。
focus 0 It looks at all words in exactly the same way.
focus 0 Attention treats every input equally.
focus 0 The model does not focus on the relevant parts at all.
focus 0 它对所有输入一视同仁。
focus 0 注意力并不会让模型关注重要信息。
weights 1 Every token is given an importance score that determines how strongly it contributes.
weights 1 Each input receives a share, and the shares say how important it is.
weights 1 It calculates attention scores for all positions and takes a weighted average of the values.
weights 1 The more relevant a word is, the larger its weight.
weights 1 Higher weights go to the words that matter more.
weights 1 Each position is assigned a coefficient, and the output is the sum of the vectors times their coefficients.
weights 1 给每个词打分，分高的影响大。
weights 1 为输入的不同部分赋予不同的权重，重要的权重大。
weights 1 按照重要程度给各个位置分配比重，再加权求和。
weights 1 每个位置都有一个权重，表示它有多重要。
weights 1 用softmax得到每个词的概率，然后对值向量加权平均。
weights 1 越相关的部分，权重越高。
weights 0 All inputs get the same weight.
weights 0 No weights are assigned to the inputs.
weights 0 每个部分的权重都是一样的。
weights 0 它不给输入分配权重。
adaptive 1 The weights are learnable and change with every input.
adaptive 1 The scores are input-dependent: a different sentence gives different weights.
adaptive 1 How much each word counts is learned during training rather than set by hand.
adaptive 1 Weights are computed dynamically from the query and the keys.
adaptive 1 The network learns by itself which words deserve more weight.
adaptive 1 For each query a new set of weights is calculated.
adaptive 1 权重不是人为规定的，而是模型自己学出来的。
adaptive 1 权重会随着输入动态变化。
adaptive 1 根据当前的查询实时计算每个位置的权重。
adaptive 1 通过训练自动学习各部分的权重。
adaptive 1 权重由查询和键的匹配程度决定。
adaptive 0 The weights are fixed in advance and never change.
adaptive 0 An engineer sets the weights by hand.
adaptive 0 权重是人工设定好的。
adaptive 0 权重固定不变，与输入无关。
benefit 1 That way predictions become more accurate.
benefit 1 It boosts model performance on long sentences.
benefit 1 Irrelevant information disturbs the model less.
benefit 1 No need to squeeze the whole sentence into one fixed-size vector.
benefit 1 Long inputs no longer have to pass through a bottleneck.
benefit 1 这样模型的效果会更好。
benefit 1 减少了噪声的干扰。
benefit 1 不用再把整句话压成一个定长向量。
benefit 1 可以提升模型的准确度。
benefit 1 避免了长句信息丢失。
benefit 0 Attention hurts performance.
benefit 0 It gives no gain in accuracy.
benefit 0 用了注意力后准确率下降。
uses 1 It is used in machine translation and image captioning.
uses 1 Typical applications: text summarisation and speech recognition.
uses 1 For example ChatGPT and Google Translate use it.
uses 1 Applications include object detection and question answering.
uses 1 在机器翻译和图像识别里都有应用。
uses 1 常用于文本分类、机器翻译等任务。
uses 1 比如语音识别和目标检测都用到了它。
uses 1 像大语言模型、图像生成、推荐系统都在用。
uses 0.5 One example is machine translation.
uses 0.5 例如机器翻译就用了注意力。
uses 0 It has no applications in practice.
uses 0 目前还没有实际应用。
"""

ADVANTAGES = """
performance 1 By concentrating on the relevant parts the model gets better results.
performance 1 It filters out irrelevant information, so predictions are more accurate.
performance 1 The important words are given more weight, which improves the quality of the translation.
performance 1 The model can pay attention to key information and thereby perform better.
performance 1 It puts the emphasis on what matters and accuracy goes up.
performance 1 它能抓住关键信息，所以预测更准确。
performance 1 通过给重要的信息更大的权重，模型的表现更好。
performance 1 忽略无关的内容，减少干扰，效果更好。
performance 1 把精力集中在有用的信息上，准确率更高。
performance 0.5 Models with attention are more accurate.
performance 0.5 It gets better results than an RNN.
performance 0.5 It lets the model focus on the relevant parts of the input.
performance 0.5 模型的准确率更高。
performance 0.5 可以聚焦重要的部分。
performance 0 It does not make the model any more accurate.
performance 0 Attention makes results worse.
performance 0 它并不能突出重要信息，也不会提高准确率。
cost 1 Every position can be processed simultaneously on a GPU, unlike in an RNN.
cost 1 There is no sequential recurrence, so training parallelises well.
cost 1 Positions do not have to wait for one another.
cost 1 Because redundant information is skipped, there is less to compute.
cost 1 It does not reduce complexity: full attention costs O(n^2).
cost 1 The cost grows with the square of the sequence length, so I do not agree it is cheap.
cost 1 所有位置可以同时算，不用像RNN那样一步一步来。
cost 1 可以并行训练，速度快。
cost 1 不用处理冗余信息，计算量就小了。
cost 1 其实它的复杂度是序列长度的平方，并不省计算。
cost 0.5 It is computationally cheaper.
cost 0.5 It reduces the amount of computation.
cost 0.5 计算复杂度低。
cost 0.5 训练速度更快。
cost 0 The complexity of attention is O(1).
cost 0 It cannot run in parallel.
cost 0 注意力的计算复杂度是常数。
cost 0 注意力无法并行计算。
general 1 The same mechanism can be applied to text, images and audio.
general 1 It adapts well to new tasks and domains.
general 1 It is flexible and works with many kinds of data.
general 1 It transfers easily between different tasks.
general 1 Attention generalises better.
general 1 适用于文本、图像、语音等多种数据。
general 1 换个任务也照样能用。
general 1 具有很强的泛化能力。
general 1 可以灵活地用在各种任务里。
general 0 It generalises poorly.
general 0 It only works for one specific task.
general 0 泛化能力很差。
general 0 不能用到其他任务上。
longrange 1 Any word can look directly at any other word, however far apart they are.
longrange 1 It deals well with long sentences.
longrange 1 It models long-term dependencies.
longrange 1 There is no single vector into which everything has to be squeezed.
longrange 1 It does not forget the beginning of a long text.
longrange 1 Far-away words are connected in one step.
longrange 1 相隔很远的两个词也能直接建立联系。
longrange 1 解决了长距离依赖问题。
longrange 1 处理长文本的能力更强。
longrange 1 不受定长向量的限制。
longrange 1 句子再长也不会忘掉前面的内容。
longrange 0 It fails on long sequences.
longrange 0 It can only link neighbouring words.
longrange 0 它处理不了长序列。
longrange 0 长距离的依赖它学不到。
interpret 1 We can plot the weights and see what the model looked at.
interpret 1 You can draw a heat map showing which words mattered.
interpret 1 It is easier to explain why the model gave an output.
interpret 1 The attention maps offer some insight into the model's decision.
interpret 1 可以看到模型在关注哪些词。
interpret 1 模型的决策更容易解释。
interpret 1 权重可以画出来看。
interpret 1 可解释性更好。
interpret 0 It is a complete black box.
interpret 0 The weights cannot be inspected.
interpret 0 它完全没有可解释性。
interpret 0 权重没法可视化。
"""

TYPES = """
names 1 There are self-attention, cross-attention and multi-head attention.
names 1 I know additive attention, dot-product attention and scaled dot-product attention.
names 1 Soft attention, hard attention and local attention are three kinds.
names 1 Kinds: self-attention, multi-head attention, additive (Bahdanau) attention.
names 1 有自注意力、交叉注意力、多头注意力三种。
names 1 我知道的有软注意力、硬注意力和自注意力。
names 1 常见的是点积注意力、缩放点积注意力、多头注意力、自注意力。
names 1 包括加性注意力、点积注意力和多头注意力。
names 0.5 I know self-attention and multi-head attention.
names 0.5 有自注意力和多头注意力两种。
names 0 Attention has many variants.
names 0 注意力有很多种，我都记不清了。
dot 1 Take the inner product of the query with each key to get the scores.
dot 1 The score is q·k.
dot 1 The dot product of query and key gives the weight after a softmax.
dot 1 It multiplies Q by K transposed and applies a softmax.
dot 1 用查询向量和键向量做点积得到分数。
dot 1 点积注意力：q和k做内积，再过softmax得到权重。
dot 1 把Q和K相乘得到注意力分数。
dot 1 两个向量的内积作为相似度。
dot 0 Dot-product attention concatenates query and key and feeds them to a network.
dot 0 Dot-product attention adds query and key.
dot 0 点积注意力是把查询和键相加。
dot 0 点积注意力并不计算查询和键的内积。
scaled 1 The dot products are divided by the square root of the key dimension, otherwise the softmax saturates.
scaled 1 Scores are scaled by 1/sqrt(d_k) to keep the gradients from becoming too small.
scaled 1 Dividing by √d_k stops the softmax from becoming one-hot.
scaled 1 We divide by root d_k; with large values the softmax would have almost no gradient.
scaled 1 点积结果除以根号d_k，防止数值太大导致softmax梯度太小。
scaled 1 除以√dk是为了避免softmax进入饱和区。
scaled 1 维度高时点积很大，softmax会饱和，所以要除以维度的平方根。
scaled 1 缩放点积注意力引入缩放因子，避免梯度消失。
scaled 0.5 Scaled attention divides the scores by the square root of d_k.
scaled 0.5 The scaling keeps the softmax from saturating.
scaled 0.5 在点积的基础上除以根号dk。
scaled 0.5 缩放是为了防止梯度消失。
scaled 0 The dot product is multiplied by sqrt(d_k).
scaled 0 Scaling causes the gradient to vanish.
scaled 0 把点积乘以根号d_k。
scaled 0 缩放会让softmax饱和。
multi 1 Multi-head attention runs several attentions side by side, each with its own projection.
multi 1 Many heads work in parallel and each one captures a different kind of relation.
multi 1 Different heads look at different aspects of the sentence.
multi 1 One head may learn syntax while another learns coreference.
multi 1 多个头同时计算，每个头学到不同的特征。
multi 1 不同的头关注不同的子空间。
multi 1 多头就是多个注意力并行，各自关注不同的方面，最后拼起来。
multi 1 多头注意力：把QKV投影到不同的子空间，各个头分别算注意力。
multi 0.5 Multi-head attention has multiple heads.
multi 0.5 It runs attention several times in parallel and concatenates the results.
multi 0.5 多头注意力就是使用多个头。
multi 0 Multi-head attention has just one head.
multi 0 多头注意力只有一个头。
self 1 In self-attention Q, K and V are all computed from the same input.
self 1 Every word of the sentence attends to all the other words of that sentence.
self 1 Tokens within one sequence look at each other.
self 1 Self-attention relates different positions of a single sequence.
self 1 自注意力的QKV都来自同一个输入。
self 1 句子里的每个词都和句子里的其他词计算相关性。
self 1 同一序列内部的各个位置之间计算注意力。
self 1 查询、键和值都是同一个序列得到的。
self 0.5 It attends to itself.
self 0.5 自注意力就是自己关注自己。
self 0 Self-attention compares two different sentences.
self 0 In self-attention the keys come from another sequence than the queries.
self 0 自注意力的查询和键来自不同的序列。
self 0 自注意力中各个位置互不关注。
"""

OPTIMISATION = """
init 1 Initialise the parameters with Xavier or He.
init 1 Choose the initial weights so that the variance stays the same from layer to layer.
init 1 Good weight initialisation keeps gradients from exploding.
init 1 Kaiming init helps against vanishing gradients.
init 1 使用He初始化。
init 1 合理初始化参数，防止梯度消失或爆炸。
init 1 参数初始化采用Xavier方法。
init 0.5 Use a proper initialisation.
init 0.5 注意参数的初始化。
init 0 Initialise everything with zeros.
init 0 Initialisation makes no difference.
init 0 参数全部初始化为零。
init 0 初始化方式对训练没有影响。
reg 1 Add dropout.
reg 1 L2 regularisation prevents overfitting.
reg 1 Stop training when the validation loss no longer improves.
reg 1 Penalise large weights so the model does not overfit.
reg 1 Label smoothing makes the model less overconfident.
reg 1 Randomly turn off neurons during training.
reg 1 加入dropout防止过拟合。
reg 1 使用权重衰减。
reg 1 验证集损失不再下降就停止训练。
reg 1 训练时随机丢掉一些神经元。
reg 1 用正则化约束模型，避免过拟合。
reg 0.5 Use regularisation.
reg 0.5 加一些正则化。
reg 0 Never use dropout, it causes overfitting.
reg 0 Weight decay does not help against overfitting.
reg 0 正则化没有用。
reg 0 千万不要加dropout。
lr 1 Warm up the learning rate over the first steps.
lr 1 Lower the learning rate step by step so that it converges.
lr 1 Start with a small learning rate, raise it, then let it decay.
lr 1 Use a cosine schedule.
lr 1 A learning rate scheduler speeds up convergence.
lr 1 Reduce the lr when the loss plateaus.
lr 1 学习率先升后降。
lr 1 采用余弦退火。
lr 1 训练后期减小学习率，让模型更好地收敛。
lr 1 使用学习率预热。
lr 0.5 Use the Adam optimiser.
lr 0.5 换用Adam优化器。
lr 0.5 Tune the learning rate.
lr 0 Always keep the learning rate constant.
lr 0 Learning rate decay prevents convergence.
lr 0 学习率要一直保持不变。
lr 0 预热没有任何作用。
norm 1 Add layer normalisation after each sub-layer.
norm 1 LayerNorm stabilises training.
norm 1 Batch norm makes training more stable.
norm 1 Use RMSNorm before attention.
norm 1 Normalise activations to zero mean and unit variance.
norm 1 加入LayerNorm。
norm 1 用批归一化让训练更稳定。
norm 1 对每层输出做归一化，训练更稳。
norm 0.5 Use normalisation.
norm 0.5 使用归一化。
norm 0 Layer norm is useless.
norm 0 Normalisation makes training unstable.
norm 0 归一化会让训练更不稳定。
norm 0 不要使用层归一化。
aug 1 Augment the data, for instance with back-translation.
aug 1 Add noise to the inputs so the model generalises better.
aug 1 Data augmentation makes the model more robust.
aug 1 Randomly mask words in the training sentences.
aug 1 Replace words with synonyms to get more training examples.
aug 1 Rotate and crop the images to enlarge the training set.
aug 1 对训练数据做回译。
aug 1 用数据增强来提升泛化能力。
aug 1 给样本加噪声，扩充训练集。
aug 1 对图像随机裁剪和翻转，增加样本多样性。
aug 0.5 Use data augmentation.
aug 0.5 做数据增强。
aug 0 Data augmentation is harmful.
aug 0 Do not augment the data.
aug 0 数据增强会降低泛化能力。
aug 0 不要做数据增强。
"""

TEXTS = {"concept": CONCEPT, "advantages": ADVANTAGES, "types": TYPES, "optimisation": OPTIMISATION}
CASES = [(item, *line.split(" ", 2)) for item, text in TEXTS.items() for line in text.strip().splitlines()]


def judged(item: str, point: str, text: str) -> tuple[float, bool]:
    found = BANK.item(f"attention-{item}")
    assert found is not None
    result = next(r for r in grade_short_answer(found, text) if r.id == point)
    return result.award, result.review


@pytest.mark.parametrize(("item", "point", "award", "text"), CASES)
def test_what_is_decided_of_a_phrasing_is_right(item: str, point: str, award: str, text: str) -> None:
    got, review = judged(item, point, text)
    assert review or got == float(award)


@pytest.mark.parametrize("item", TEXTS)
def test_most_phrasings_are_decided(item: str) -> None:
    cases = [case for case in CASES if case[0] == item]
    assert len(cases) >= 60
    assert sum(not judged(item, point, text)[1] for _, point, _, text in cases) >= 0.85 * len(cases)
