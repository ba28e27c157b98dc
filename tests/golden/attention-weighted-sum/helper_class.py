from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass
class WeightedSequence:
    items: Tensor
    weights: Tensor

    def total(self) -> Tensor:
        batch, length = self.weights.shape
        return (self.items * self.weights.reshape(batch, length, 1)).sum(dim=-2)


def attention_weighted_sum(inputs: Tensor, attention_weights: Tensor) -> Tensor:
    return WeightedSequence(items=inputs, weights=attention_weights).total()
