import math
import torch
import torch.nn.functional as F


def masked_attention(query, key, value, lengths=None, causal=False, mask=None):
    B, H, L, D = query.shape
    S = key.shape[2]
    bias = torch.zeros(B, 1, L, S, dtype=query.dtype)
    if lengths is not None:
        pad = torch.arange(S).unsqueeze(0) >= lengths.unsqueeze(1)
        bias = bias.masked_fill(pad.view(B, 1, 1, S), -math.inf)
        pad = pad.view(B, 1, S, 1)
        key = torch.where(pad, torch.zeros_like(key), key)
        value = torch.where(pad, torch.zeros_like(value), value)
    if causal:
        bias = bias.masked_fill(~torch.tril(torch.ones(L, S, dtype=torch.bool)), -math.inf)
    if mask is not None:
        bias = bias + (mask if mask.is_floating_point() else torch.where(mask, 0.0, -math.inf).to(query.dtype))
    dead = (bias == -math.inf).all(dim=-1, keepdim=True)
    bias = torch.where(dead, torch.zeros_like(bias), bias)
    att = F.softmax(query @ key.transpose(-2, -1) / math.sqrt(D) + bias, dim=-1)
    return torch.where(dead, torch.zeros_like(att), att) @ value
