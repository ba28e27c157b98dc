import math
import torch


def attention_backward(q, k, v, d_out, mask=None):
    """The row term from the output, the weights from the log-sum-exp, one key at a time."""
    scale = 1 / math.sqrt(q.size(-1))
    s = (q @ k.mT) * scale
    if mask is not None:
        s = torch.where(mask, s, torch.full_like(s, float("-inf")))
    lse = torch.logsumexp(s, -1)
    out = torch.exp(s - lse.unsqueeze(-1)) @ v
    delta = (d_out * out).sum(-1)
    dq, dks, dvs = torch.zeros_like(q), [], []
    for j in range(k.size(-2)):
        p = torch.exp(s[..., j] - lse)  # (..., Lq)
        dvs.append((p.unsqueeze(-1) * d_out).sum(-2))
        dp = (d_out * v[..., j : j + 1, :]).sum(-1)
        ds = p * (dp - delta) * scale
        dq = dq + ds.unsqueeze(-1) * k[..., j : j + 1, :]
        dks.append((ds.unsqueeze(-1) * q).sum(-2))
    return dq, torch.stack(dks, -2), torch.stack(dvs, -2)


if __name__ == "__main__":
    print(attention_backward(*[torch.randn(2, 3, 4) for _ in range(4)]))
