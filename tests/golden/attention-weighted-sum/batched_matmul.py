import torch


def attention_weighted_sum(inputs: torch.Tensor, attention_weights: torch.Tensor) -> torch.Tensor:
    """A (1, L) row times an (L, D) matrix, once per sequence."""
    row = attention_weights[:, None, :]  # (B, 1, L)
    return torch.bmm(row, inputs)[:, 0]  # (B, D)
