import torch


def attention_weighted_sum(inputs, attention_weights):
    b, l, d = inputs.shape
    start = inputs.new_zeros(b, 1, d)
    return torch.baddbmm(start, attention_weights.view(b, 1, l), inputs).view(b, d)
