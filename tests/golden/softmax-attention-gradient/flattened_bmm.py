import torch
from torch import Tensor


def masked_softmax(scores: Tensor, keep: Tensor | None) -> Tensor:
    if keep is not None:
        scores = scores.masked_fill(keep == 0, torch.finfo(scores.dtype).min)
    top = scores.amax(-1, keepdim=True)
    powers = (scores - top).exp()
    return powers / powers.sum(-1, keepdim=True)


def attention_backward(q: Tensor, k: Tensor, v: Tensor, d_out: Tensor, mask: Tensor | None = None):
    lead, scale = q.shape[:-2], q.size(-1) ** -0.5
    Q, K, V, G = (t.reshape(-1, t.size(-2), t.size(-1)) for t in (q, k, v, d_out))
    keep = None if mask is None else mask.expand(*lead, Q.size(1), K.size(1)).reshape(-1, Q.size(1), K.size(1))
    P = masked_softmax(torch.bmm(Q, K.transpose(1, 2)) * scale, keep)
    dV = torch.bmm(P.transpose(1, 2), G)
    dP = torch.bmm(G, V.transpose(1, 2))
    dS = P * dP
    dS = dS - P * dS.sum(2, keepdim=True)
    dQ, dK = torch.bmm(dS, K) * scale, torch.bmm(dS.transpose(1, 2), Q) * scale
    return tuple(t.reshape(like.shape) for t, like in zip((dQ, dK, dV), (q, k, v)))
