# mistake: divides by the sum of absolute weights
import torch


def attention_weighted_sum(inputs, attention_weights):
    total = attention_weights.abs().sum(dim=1, keepdim=True)
    return torch.einsum("bl,bld->bd", attention_weights / total, inputs)
