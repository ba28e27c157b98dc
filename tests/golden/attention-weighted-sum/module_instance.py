import torch.nn as nn


class _Sum(nn.Module):
    def forward(self, inputs, attention_weights):
        return (inputs * attention_weights.unsqueeze(-1)).sum(1)

attention_weighted_sum = _Sum()
