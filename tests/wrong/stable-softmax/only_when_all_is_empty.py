# mistake: takes care of empty rows only when nothing else is there
import torch


def shifted(scores, dim):
    top = scores.detach().amax(dim, keepdim=True)
    scores = scores - (torch.zeros_like(top) if (top == float("-inf")).all() else top)
    total = scores.exp().sum(dim, keepdim=True)
    return scores, total.masked_fill(total == 0, 1.0)


def stable_softmax(scores, dim=-1):
    scores, total = shifted(scores, dim)
    return scores.exp() / total


def stable_log_softmax(scores, dim=-1):
    scores, total = shifted(scores, dim)
    return scores - total.log()
