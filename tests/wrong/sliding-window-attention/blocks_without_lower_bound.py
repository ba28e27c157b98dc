# mistake: all of the block before is in sight
import torch
from torch.nn.functional import pad


def sliding_window_attention(query, key, value, window):
    """Blocks that look at all of the block before."""
    length = query.size(-2)
    w = min(window, length)
    blocks = -(-length // w)
    extra = blocks * w - length
    q = pad(query, (0, 0, 0, extra)).unflatten(-2, (blocks, w))
    k = pad(key, (0, 0, w, extra)).unflatten(-2, (blocks + 1, w))
    v = pad(value, (0, 0, w, extra)).unflatten(-2, (blocks + 1, w))
    k = torch.cat([k[..., :-1, :, :], k[..., 1:, :, :]], -2)
    v = torch.cat([v[..., :-1, :, :], v[..., 1:, :, :]], -2)
    scores = torch.matmul(q, k.transpose(-1, -2)) * query.size(-1) ** -0.5
    i = torch.arange(blocks * w).view(blocks, w, 1)
    j = torch.arange(blocks).view(-1, 1, 1) * w + torch.arange(-w, w)
    ok = (j >= 0) & (j <= i)
    out = torch.matmul(scores.masked_fill(~ok, float("-inf")).softmax(-1), v)
    return out.flatten(-3, -2)[..., :length, :]
