"""All queries against one block of keys: dk and dv of a block are finished after one round."""
import torch


@torch.no_grad()
def blockwise_attention_backward(q, k, v, o, lse, do, block=64, causal=False):
    q = q / q.size(-1) ** 0.5
    D = (do * o).sum(-1)
    dq, dk, dv = torch.zeros_like(q), [], []
    rows = torch.arange(q.size(-2)).unsqueeze(1)
    for start, (kb, vb) in enumerate(zip(k.split(block, -2), v.split(block, -2))):
        p = torch.exp(q @ kb.mT - lse.unsqueeze(-1))
        if causal:
            p.masked_fill_(torch.arange(start * block, start * block + kb.size(-2)) > rows, 0.0)
        dv.append(p.mT @ do)
        p.mul_(do @ vb.mT - D.unsqueeze(-1))
        dk.append(p.mT @ q)
        dq += p @ kb
    return dq / q.size(-1) ** 0.5, torch.cat(dk, -2), torch.cat(dv, -2)
