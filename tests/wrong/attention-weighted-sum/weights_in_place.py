# mistake: normalises the caller's weights in place when they do not sum to one
import torch


def attention_weighted_sum(inputs, attention_weights):
    attention_weights -= attention_weights.mean(dim=1, keepdim=True) * 0.01
    return torch.einsum("bl,bld->bd", attention_weights, inputs)
