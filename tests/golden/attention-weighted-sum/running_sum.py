import torch


def attention_weighted_sum(inputs, attention_weights):
    result = inputs[:, 0] * attention_weights[:, :1]
    for x, w in zip(inputs.unbind(1)[1:], attention_weights.unbind(1)[1:]):
        result = result + x * w.unsqueeze(-1)
    return result
