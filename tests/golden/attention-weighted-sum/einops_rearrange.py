import torch
from einops import rearrange, reduce


def attention_weighted_sum(inputs, attention_weights):
    weighted = inputs * rearrange(attention_weights, "b l -> b l 1")
    return reduce(weighted, "b l d -> b d", "sum")
