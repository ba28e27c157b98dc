# mistake: works in float32 whatever comes in
import torch


def shifted(scores, dim):
    kind, scores = scores.dtype, scores.float()
    top = scores.detach().amax(dim, keepdim=True)
    scores = scores - top.masked_fill(top == float("-inf"), 0.0)
    total = scores.exp().sum(dim, keepdim=True)
    return scores.to(kind), total.masked_fill(total == 0, 1.0).to(kind)


def stable_softmax(scores, dim=-1):
    scores, total = shifted(scores, dim)
    return scores.exp() / total


def stable_log_softmax(scores, dim=-1):
    scores, total = shifted(scores, dim)
    return scores - total.log()
