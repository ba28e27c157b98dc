# mistake: keeps the maximum of the first call of a shape
import torch


seen = {}


def shifted(scores, dim):
    top = seen.setdefault((tuple(scores.shape), dim), scores.detach().amax(dim, keepdim=True))
    scores = scores - top.masked_fill(top == float("-inf"), 0.0)
    total = scores.exp().sum(dim, keepdim=True)
    return scores, total.masked_fill(total == 0, 1.0)


def stable_softmax(scores, dim=-1):
    scores, total = shifted(scores, dim)
    return scores.exp() / total


def stable_log_softmax(scores, dim=-1):
    scores, total = shifted(scores, dim)
    return scores - total.log()
