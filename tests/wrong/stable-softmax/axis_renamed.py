# mistake: the argument dim has another name, so nobody can pass it by its own
import torch


def shifted(scores, dim):
    """Scores less their row's maximum, and the sum of their exponentials, which is 1 instead of 0 where all is -inf."""
    top = scores.detach().amax(dim, keepdim=True)  # (..., 1, ...): a constant that cancels needs no gradient
    scores = scores - top.masked_fill(top == float("-inf"), 0.0)  # (..., n, ...), at most 0
    total = scores.exp().sum(dim, keepdim=True)  # (..., 1, ...), at least 1, or 0 where all is -inf
    return scores, total.masked_fill(total == 0, 1.0)


def stable_softmax(scores, axis=-1):
    scores, total = shifted(scores, axis)
    return scores.exp() / total  # (..., n, ...)


def stable_log_softmax(scores, axis=-1):
    scores, total = shifted(scores, axis)
    return scores - total.log()  # (..., n, ...)
