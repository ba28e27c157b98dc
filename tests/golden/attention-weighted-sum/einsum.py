import torch


def attention_weighted_sum(inputs, attention_weights):
    return torch.einsum("bld,bl->bd", inputs, attention_weights)
