import torch
from torch import Tensor, nn


class AttentionPooling(nn.Module):
    queries: nn.Parameter

    def __init__(self, dim: int, num_queries: int = 1) -> None:
        super().__init__()
        self.register_parameter("queries", nn.Parameter(torch.randn(num_queries, dim) / dim**0.5))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        scores = torch.matmul(x, self.queries.t() / x.shape[-1] ** 0.5)  # (B, L, M)
        if mask is not None:
            real = mask.unsqueeze(-1)
            scores = scores.masked_fill(~real, torch.finfo(scores.dtype).min / 4)
        weights = torch.exp(scores - scores.logsumexp(1, keepdim=True))
        if mask is not None:
            weights = weights.masked_fill(~real, 0)
        weights = weights.transpose(1, 2)
        return weights @ x, weights
