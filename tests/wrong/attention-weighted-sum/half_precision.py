# mistake: casts to half precision to be fast
import torch


def attention_weighted_sum(inputs, attention_weights):
    return torch.einsum("bl,bld->bd", attention_weights.half(), inputs.half()).to(inputs.dtype)
