# mistake: the loop stops one position early
import torch


def attention_weighted_sum(inputs, attention_weights):
    result = inputs[:, 0] * attention_weights[:, 0:1]
    for position in range(1, inputs.size(1) - 1):
        result = result + inputs[:, position] * attention_weights[:, position : position + 1]
    return result
