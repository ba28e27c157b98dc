import torch


class Entropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx, w):
        logs = torch.where(w > 0, torch.log(w), torch.zeros_like(w))
        ctx.save_for_backward(w, logs)
        return -(w * logs).sum(-1)

    @staticmethod
    def backward(ctx, grad):
        w, logs = ctx.saved_tensors
        return torch.where(w > 0, -(logs + 1), torch.zeros_like(w)) * grad.unsqueeze(-1)


def attention_entropy(weights, mask=None, normalise=False):
    entropy = Entropy.apply(weights)
    if not normalise:
        return entropy
    if mask is None:
        mask = weights.new_ones(weights.shape[-1], dtype=torch.bool)
    seen = mask.expand(weights.shape).sum(-1)
    return entropy * torch.where(seen > 1, 1 / seen.clamp(min=2).to(weights.dtype).log(), torch.zeros((), dtype=weights.dtype))


def head_importance(outputs, gradients):
    g = torch.tensordot(outputs * gradients, torch.ones(outputs.shape[2:], dtype=outputs.dtype), dims=([2, 3], [0, 1]))
    mean = torch.mean(torch.abs(g), 0)
    total = mean.dot(mean)
    return mean * total.rsqrt() if total > 0 else mean
