"""Rows that are finished leave the batch, and their keys with them."""
import torch


def layer_step(x, w, cache):
    q, k, v = x @ w["query"], x @ w["key"], x @ w["value"]
    if cache is not None:
        k, v = torch.cat([cache[0], k], 1), torch.cat([cache[1], v], 1)
    rows, columns = q.size(1), k.size(1)
    bias = torch.zeros(rows, columns, dtype=x.dtype).masked_fill(torch.ones(rows, columns).triu(columns - rows + 1) > 0, float("-inf"))
    weights = torch.baddbmm(bias.expand(len(x), -1, -1), q, k.mT, alpha=x.size(-1) ** -0.5).softmax(-1)
    return x + weights.bmm(v).matmul(w["output"]), (k, v)


@torch.no_grad()
def greedy_decode(weights, prompt, stop, max_new):
    alive = torch.arange(len(prompt))
    caches, tokens, start, columns = [None] * len(weights["layers"]), prompt, 0, []
    while len(columns) < max_new and len(alive):
        x = weights["embedding"].index_select(0, tokens.reshape(-1)).view(*tokens.shape, -1)
        x = x + weights["positions"].narrow(0, start, tokens.size(1))
        for i, w in enumerate(weights["layers"]):
            x, caches[i] = layer_step(x, w, caches[i])
        start += tokens.size(1)
        new = (x[:, -1] @ weights["head"]).argmax(1)
        column = torch.full((len(prompt),), stop)
        column[alive] = new
        columns.append(column)
        going = new != stop
        alive, tokens = alive[going], new[going].unsqueeze(1)
        caches = [(k[going], v[going]) for k, v in caches]
    return torch.stack(columns, 1) if columns else torch.empty(len(prompt), 0, dtype=torch.long)
