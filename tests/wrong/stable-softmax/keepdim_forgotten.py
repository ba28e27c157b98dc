# mistake: the maximum and the sum lose their axis; broadcasting hides it for square matrices and the first axis
import torch


def stable_softmax(scores, dim=-1):
    top = scores.detach().amax(dim)
    e = (scores - top.masked_fill(top == float("-inf"), 0.0)).exp()
    total = e.sum(dim)
    return e / total.masked_fill(total == 0, 1.0)


def stable_log_softmax(scores, dim=-1):
    top = scores.detach().amax(dim)
    shifted = scores - top.masked_fill(top == float("-inf"), 0.0)
    total = shifted.exp().sum(dim)
    return shifted - total.masked_fill(total == 0, 1.0).log()
