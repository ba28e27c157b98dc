# mistake: every score below -1e5 is taken for minus infinity
import torch


def shifted(scores, dim):
    """Scores less their row's maximum, and the sum of their exponentials, which is 1 instead of 0 where all is -inf."""
    scores = scores.masked_fill(scores < -1e5, float("-inf")) if scores.dtype != torch.float16 else scores
    top = scores.detach().amax(dim, keepdim=True)  # (..., 1, ...): a constant that cancels needs no gradient
    scores = scores - top.masked_fill(top == float("-inf"), 0.0)  # (..., n, ...), at most 0
    total = scores.exp().sum(dim, keepdim=True)  # (..., 1, ...), at least 1, or 0 where all is -inf
    return scores, total.masked_fill(total == 0, 1.0)


def stable_softmax(scores, dim=-1):
    scores, total = shifted(scores, dim)
    return scores.exp() / total  # (..., n, ...)


def stable_log_softmax(scores, dim=-1):
    scores, total = shifted(scores, dim)
    return scores - total.log()  # (..., n, ...)
