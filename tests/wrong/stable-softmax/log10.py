# mistake: takes the logarithm to the wrong base in the log-softmax
import torch


def shifted(scores, dim):
    top = scores.detach().amax(dim, keepdim=True)
    scores = scores - top.masked_fill(top == float("-inf"), 0.0)
    total = scores.exp().sum(dim, keepdim=True)
    return scores, total.masked_fill(total == 0, 1.0)


def stable_softmax(scores, dim=-1):
    scores, total = shifted(scores, dim)
    return scores.exp() / total


def stable_log_softmax(scores, dim=-1):
    scores, total = shifted(scores, dim)
    return scores - total.log10()
