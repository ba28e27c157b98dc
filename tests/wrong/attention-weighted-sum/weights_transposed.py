# mistake: sums over all pairs of sequences: the batch axes of weights and inputs meet crosswise
import torch


def attention_weighted_sum(inputs, attention_weights):
    mixed = torch.einsum("al,bld->bd", attention_weights, inputs)
    return mixed / attention_weights.size(0)
