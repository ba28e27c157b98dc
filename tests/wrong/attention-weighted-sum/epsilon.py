# mistake: divides by sum of weights plus a small number only when it is above one
import torch


def attention_weighted_sum(inputs, attention_weights):
    total = attention_weights.sum(1, keepdim=True)
    scale = torch.where(total > 1.5, total, torch.ones_like(total))
    return torch.einsum("bl,bld->bd", attention_weights / scale, inputs)
