# mistake: only adds the first five positions
import torch


def attention_weighted_sum(inputs, attention_weights):
    result = torch.zeros(inputs.size(0), inputs.size(2), dtype=inputs.dtype)
    for position in range(min(5, inputs.size(1))):
        result = result + attention_weights[:, position : position + 1] * inputs[:, position]
    return result
