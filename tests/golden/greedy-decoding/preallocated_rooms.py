"""All room is set aside at once, since the greatest length is known."""
import math

import torch


def greedy_decode(weights, prompt, stop, max_new):
    with torch.no_grad():
        batch, length = prompt.shape
        width, dtype = weights["embedding"].shape[1], weights["embedding"].dtype
        keys = [torch.zeros(batch, length + max_new, width, dtype=dtype) for _ in weights["layers"]]
        values = [torch.zeros_like(k) for k in keys]
        result = torch.full((batch, max_new), stop, dtype=torch.long)
        done = torch.zeros(batch, dtype=torch.bool)
        tokens, at = prompt, 0
        for step in range(max_new):
            n = tokens.shape[1]
            x = weights["embedding"][tokens] + weights["positions"][at : at + n]
            for layer, k, v in zip(weights["layers"], keys, values):
                k[:, at : at + n] = x @ layer["key"]
                v[:, at : at + n] = x @ layer["value"]
                scores = torch.einsum("btd,bsd->bts", x @ layer["query"], k[:, : at + n]) / math.sqrt(width)
                late = torch.arange(at + n)[None, :] > torch.arange(at, at + n)[:, None]
                x = x + torch.softmax(scores.masked_fill(late, -math.inf), 2) @ v[:, : at + n] @ layer["output"]
            at += n
            best = torch.max(x[:, -1] @ weights["head"], dim=1).indices
            result[~done, step] = best[~done]
            done = done | (best == stop)
            if bool(done.all()):
                return result[:, : step + 1]
            tokens = result[:, step : step + 1].clamp(min=0)
        return result
