import torch


class Sight:
    def __init__(self, lengths, causal, mask, shape):
        self.lengths, self.causal = lengths, causal
        self.mask = None if mask is None else mask.expand(shape)

    def keys(self, b, h, i, count):
        places = torch.arange(count)
        ok = torch.ones(count, dtype=torch.bool)
        if self.lengths is not None:
            ok &= places < self.lengths[b]
        if self.causal:
            ok &= places <= i
        if self.mask is not None:
            row = self.mask[b, h, i]
            ok &= row if row.dtype == torch.bool else row > -float("inf")
        return ok.nonzero().flatten()


def masked_attention(query, key, value, lengths=None, causal=False, mask=None):
    B, H, Lq, d = query.shape
    Lk = key.size(2)
    sight = Sight(lengths, causal, mask, (B, H, Lq, Lk))
    out = []
    for b in range(B):
        for h in range(H):
            for i in range(Lq):
                at = sight.keys(b, h, i, Lk)
                if len(at) == 0:
                    out.append(torch.zeros(value.size(-1), dtype=value.dtype))
                    continue
                s = (key[b, h, at] * query[b, h, i]).sum(-1) / d ** 0.5
                if mask is not None and mask.dtype != torch.bool:
                    s = s + sight.mask[b, h, i, at]
                w = torch.softmax(s, 0)
                out.append((w[:, None] * value[b, h, at]).sum(0))
    return torch.stack(out).reshape(B, H, Lq, -1)
