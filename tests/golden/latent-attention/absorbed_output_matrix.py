"""Goes one step further: W_UV is absorbed into W_O, and W_UK into W_Q."""
import torch
from torch import nn


class LatentAttention(nn.Module):
    def __init__(self, d_model, num_heads, head_dim, latent_dim):
        super().__init__()
        self.sizes = num_heads, head_dim, latent_dim
        wide = num_heads * head_dim
        for name, (ins, outs) in {
            "query_linear": (d_model, wide), "down_linear": (d_model, latent_dim), "key_up_linear": (latent_dim, wide),
            "value_up_linear": (latent_dim, wide), "out_linear": (wide, d_model),
        }.items():
            self.add_module(name, nn.Linear(ins, outs, bias=False))

    def compress(self, x):
        return nn.functional.linear(x, self.down_linear.weight)

    def forward(self, x):
        return self.decode(x, self.compress(x))

    def decode(self, x, latents):
        h, d, r = self.sizes
        w_q = torch.einsum("hdm,hdr->hmr", self.query_linear.weight.view(h, d, -1), self.key_up_linear.weight.view(h, d, r))
        w_o = torch.einsum("mhd,hdr->hrm", self.out_linear.weight.view(-1, h, d), self.value_up_linear.weight.view(h, d, r))
        t, n = x.shape[1], latents.shape[1]
        scores = torch.einsum("btm,hmr,bnr->bhtn", x, w_q, latents) / d**0.5
        seen = torch.arange(n) <= torch.arange(t).unsqueeze(-1) + n - t
        weights = torch.where(seen, scores, torch.tensor(float("-inf"), dtype=scores.dtype)).softmax(-1)
        return torch.einsum("bhtr,hrm->btm", torch.einsum("bhtn,bnr->bhtr", weights, latents), w_o)
