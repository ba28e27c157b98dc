import torch


def attention_backward(q, k, v, d_out, mask=None):
    root = q.size(-1) ** 0.5
    scores = torch.matmul(q / root, k.transpose(-1, -2))
    if mask is not None:
        scores = scores.masked_fill(mask.logical_not(), float("-inf"))
    weights = torch.softmax(scores, dim=-1)
    # the whole Jacobian of every row: diag(p) - p p^T
    jacobian = torch.diag_embed(weights) - weights.unsqueeze(-1) * weights.unsqueeze(-2)  # (..., Lq, Lk, Lk)
    d_weights = d_out.matmul(v.transpose(-1, -2))
    d_scores = (jacobian @ d_weights.unsqueeze(-1)).squeeze(-1)
    return d_scores.matmul(k) / root, d_scores.transpose(-1, -2).matmul(q / root), weights.transpose(-1, -2).matmul(d_out)
