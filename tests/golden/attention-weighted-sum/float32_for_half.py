import torch


def attention_weighted_sum(inputs, attention_weights):
    wide = torch.promote_types(inputs.dtype, torch.float32)
    return torch.einsum("bl,bld->bd", attention_weights.to(wide), inputs.to(wide)).to(inputs.dtype)
