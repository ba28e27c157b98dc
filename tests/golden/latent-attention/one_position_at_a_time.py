import torch
from torch import nn
from torch.nn import functional as F


class LatentAttention(nn.Module):
    def __init__(self, d_model, num_heads, head_dim, latent_dim):
        super().__init__()
        self.n_head = num_heads
        self.head_dim = head_dim
        self.query_linear = nn.Linear(d_model, num_heads * head_dim, bias=False)
        self.down_linear = nn.Linear(d_model, latent_dim, bias=False)
        self.key_up_linear = nn.Linear(latent_dim, num_heads * head_dim, bias=False)
        self.value_up_linear = nn.Linear(latent_dim, num_heads * head_dim, bias=False)
        self.out_linear = nn.Linear(num_heads * head_dim, d_model, bias=False)

    def compress(self, x):
        return torch.stack([self.down_linear(position) for position in x.unbind(1)], dim=1)

    def forward(self, x):
        c = self.compress(x)
        B, L, _ = x.size()
        q, k, v = (t.view(B, L, self.n_head, -1).transpose(1, 2) for t in (self.query_linear(x), self.key_up_linear(c), self.value_up_linear(c)))
        att = (q @ k.transpose(-2, -1)) * (1.0 / self.head_dim**0.5)
        att = att.masked_fill(torch.tril(torch.ones(L, L)) == 0, float("-inf"))
        y = F.softmax(att, dim=-1) @ v
        return self.out_linear(y.transpose(1, 2).contiguous().view(B, L, -1))

    def decode(self, x, latents):
        T, n = x.size(1), latents.size(1)
        return torch.stack([self.step(x[:, i], latents[:, : n - T + i + 1]) for i in range(T)], 1)

    def step(self, x, c):  # (B, d_model), (B, n, r) -> (B, d_model)
        q = self.query_linear(x).view(-1, self.n_head, 1, self.head_dim)
        q = torch.matmul(q, self.key_up_linear.weight.view(self.n_head, self.head_dim, -1)).squeeze(2)  # (B, H, r)
        att = F.softmax(torch.bmm(q, c.mT) / self.head_dim**0.5, dim=-1)
        mixed = torch.bmm(att, c).unsqueeze(2)  # (B, H, 1, r)
        y = torch.matmul(mixed, self.value_up_linear.weight.view(self.n_head, self.head_dim, -1).mT)
        return self.out_linear(y.flatten(1))
