import torch
from torch import nn, Tensor


class LatentAttention(nn.Module):
    def __init__(self, d_model: int, num_heads: int, head_dim: int, latent_dim: int) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.softmax_scale = head_dim**-0.5
        self.query_linear = nn.Linear(d_model, num_heads * head_dim, bias=False)
        self.down_linear = nn.Linear(d_model, latent_dim, bias=False)
        self.key_up_linear = nn.Linear(latent_dim, num_heads * head_dim, bias=False)
        self.value_up_linear = nn.Linear(latent_dim, num_heads * head_dim, bias=False)
        self.out_linear = nn.Linear(num_heads * head_dim, d_model, bias=False)

    def compress(self, x: Tensor) -> Tensor:
        return self.down_linear(x)

    def _heads(self, t: Tensor) -> Tensor:
        return t.reshape(*t.shape[:2], self.num_heads, -1).permute(0, 2, 1, 3)

    def _attend(self, scores: Tensor) -> Tensor:
        t, n = scores.shape[-2:]
        bias = torch.full((t, n), torch.finfo(scores.dtype).min, dtype=scores.dtype).triu(n - t + 1)
        return torch.softmax(scores * self.softmax_scale + bias, dim=-1)

    def _merge(self, heads: Tensor) -> Tensor:
        return self.out_linear(heads.permute(0, 2, 1, 3).reshape(heads.shape[0], heads.shape[2], -1))

    def forward(self, x: Tensor) -> Tensor:
        c = self.compress(x)
        q, k, v = self._heads(self.query_linear(x)), self._heads(self.key_up_linear(c)), self._heads(self.value_up_linear(c))
        return self._merge(self._attend(q @ k.mT) @ v)

    def decode(self, x: Tensor, latents: Tensor) -> Tensor:
        w_uk = self.key_up_linear.weight.reshape(self.num_heads, -1, latents.shape[-1])
        w_uv = self.value_up_linear.weight.reshape(self.num_heads, -1, latents.shape[-1])
        q = self._heads(self.query_linear(x)) @ w_uk  # (B, H, T, r)
        weights = self._attend(q @ latents.unsqueeze(1).mT)
        return self._merge((weights @ latents.unsqueeze(1)) @ w_uv.mT)
