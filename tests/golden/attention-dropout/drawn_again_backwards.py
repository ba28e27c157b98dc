"""Only the seed is kept; the mask is drawn a second time on the way back."""
import torch


class SeededDropout(torch.autograd.Function):
    @staticmethod
    def stays(shape, p, seed):
        return torch.rand(shape, generator=torch.Generator().manual_seed(seed)).ge(p)

    @staticmethod
    def forward(ctx, weights, p, seed):
        ctx.p, ctx.seed = p, seed
        scale = 0.0 if p == 1 else 1 / (1 - p)
        return torch.where(SeededDropout.stays(weights.shape, p, seed), weights * scale, 0.0)

    @staticmethod
    def backward(ctx, gradient):
        scale = 0.0 if ctx.p == 1 else 1 / (1 - ctx.p)
        return torch.where(SeededDropout.stays(gradient.shape, ctx.p, ctx.seed), gradient * scale, 0.0), None, None


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    weights = (query @ key.mT * query.shape[-1] ** -0.5).softmax(dim=-1)
    if training:
        if seed is None:
            seed = int(torch.randint(2**62, ()))
        weights = SeededDropout.apply(weights, p, seed)
    return weights @ value
