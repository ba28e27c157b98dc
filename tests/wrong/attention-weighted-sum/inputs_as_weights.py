# mistake: weights the weights by the mean input: the two arguments are mixed up
import torch


def attention_weighted_sum(inputs, attention_weights):
    summary = inputs.mean(dim=-1)  # (B, L)
    return torch.einsum("bl,bld->bd", summary, attention_weights.unsqueeze(-1).expand_as(inputs))
