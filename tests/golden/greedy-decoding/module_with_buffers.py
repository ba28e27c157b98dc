import torch
from torch import nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, layer):
        super().__init__()
        for name, tensor in layer.items():
            self.register_buffer(name, tensor)
        self.cache_k = self.cache_v = None

    def forward(self, x):
        k, v = x @ self.key, x @ self.value
        if self.cache_k is None:
            y = F.scaled_dot_product_attention(x @ self.query, k, v, is_causal=True)
        else:
            k, v = torch.cat([self.cache_k, k], 1), torch.cat([self.cache_v, v], 1)
            y = F.scaled_dot_product_attention(x @ self.query, k, v)
        self.cache_k, self.cache_v = k, v
        return x + y @ self.output


class TinyGPT(nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.wte = nn.Embedding.from_pretrained(weights["embedding"])
        self.wpe = nn.Embedding.from_pretrained(weights["positions"])
        self.h = nn.ModuleList([Block(layer) for layer in weights["layers"]])
        self.lm_head = weights["head"]

    def forward(self, idx, pos):
        x = self.wte(idx) + self.wpe(pos)
        for block in self.h:
            x = block(x)
        return x[:, [-1], :] @ self.lm_head

    @torch.no_grad()
    def generate(self, idx, max_new_tokens, eos):
        start = idx.size(1)
        pos = torch.arange(start)
        ended = torch.zeros(idx.size(0), 1, dtype=torch.bool)
        step = idx
        for i in range(max_new_tokens):
            logits = self(step, pos)
            step = torch.topk(logits[:, -1, :], k=1).indices
            step[ended] = eos
            idx = torch.cat((idx, step), dim=1)
            ended = ended | step.eq(eos)
            if ended.all():
                break
            pos = torch.tensor([start + i])
        return idx[:, start:]


def greedy_decode(weights, prompt, stop, max_new):
    return TinyGPT(weights).generate(prompt, max_new, stop)
