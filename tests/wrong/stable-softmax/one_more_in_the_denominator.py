# mistake: adds one to every denominator
import torch


def shifted(scores, dim):
    top = scores.detach().amax(dim, keepdim=True)
    scores = scores - top.masked_fill(top == float("-inf"), 0.0)
    total = scores.exp().sum(dim, keepdim=True)
    return scores, total + torch.exp(-top.masked_fill(top == float("-inf"), 0.0))


def stable_softmax(scores, dim=-1):
    scores, total = shifted(scores, dim)
    return scores.exp() / total


def stable_log_softmax(scores, dim=-1):
    scores, total = shifted(scores, dim)
    return scores - total.log()
