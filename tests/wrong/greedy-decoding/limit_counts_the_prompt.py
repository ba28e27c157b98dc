# mistake: max_new counts the prompt
import torch
import torch.nn.functional as F


@torch.no_grad()
def greedy_decode(weights, prompt, stop, max_new):
    caches = [None] * len(weights["layers"])
    tokens, start, written = prompt, 0, []
    finished = torch.zeros(len(prompt), dtype=torch.bool)
    for step in range(max(max_new - prompt.size(1), 0)):
        if finished.all():
            break
        T = tokens.size(1)
        x = weights["embedding"][tokens] + weights["positions"][start : start + T]
        for i, layer in enumerate(weights["layers"]):
            q, k, v = x @ layer["query"], x @ layer["key"], x @ layer["value"]
            if caches[i] is not None:
                k, v = torch.cat([caches[i][0], k], 1), torch.cat([caches[i][1], v], 1)
            caches[i] = k, v
            mask = torch.ones(T, k.size(1), dtype=torch.bool).tril(k.size(1) - T)
            x = x + F.scaled_dot_product_attention(q, k, v, attn_mask=mask) @ layer["output"]
        start += T
        new = (x[:, -1] @ weights["head"]).argmax(-1)
        new = new.masked_fill(finished, stop)
        written.append(new)
        finished = finished | (new == stop)
        tokens = new[:, None]
    return torch.stack(written, 1) if written else prompt[:, :0]
