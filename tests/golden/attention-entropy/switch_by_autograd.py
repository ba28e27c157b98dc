import torch


def attention_entropy(weights, mask=None, normalise=False):
    h = -torch.special.xlogy(weights, weights.clamp_min(torch.finfo(weights.dtype).tiny)).sum(-1)
    if normalise:
        n = mask.expand(weights.shape).sum(-1) if mask is not None else torch.tensor(weights.size(-1))
        h = h / torch.log(torch.clamp(n, min=2).to(h.dtype))
    return h


def head_importance(outputs, gradients):
    """Differentiate a switch for each example and head, as the paper has it."""
    with torch.enable_grad():
        switch = torch.ones(outputs.shape[:2], dtype=outputs.dtype, requires_grad=True)
        loss = (switch[..., None, None] * outputs.detach() * gradients.detach()).sum()
        (slope,) = torch.autograd.grad(loss, switch)
    raw = slope.abs().mean(0)
    norm = raw.norm(p=2)
    return raw / torch.where(norm == 0, torch.ones_like(norm), norm)
