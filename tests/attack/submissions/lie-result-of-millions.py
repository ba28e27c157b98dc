# item: attention-weighted-sum
# expect: failed, partial, crashed, timeout, memory
# limit-seconds: 1
# attack: answers every question with as many numbers as may cross, so that the suite's own comparisons take their time
import torch


def attention_weighted_sum(inputs, attention_weights):
    right = (inputs * attention_weights.unsqueeze(-1)).sum(1)
    if inputs.dtype != torch.float64:
        return right
    return right.sum() + torch.zeros(2**20, 7, dtype=torch.float64)
