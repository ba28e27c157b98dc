# mistake: computes in float32 whatever the type and casts back
import torch


def attention_weighted_sum(inputs, attention_weights):
    result = torch.einsum("bl,bld->bd", attention_weights.float(), inputs.float())
    return result.to(inputs.dtype)
