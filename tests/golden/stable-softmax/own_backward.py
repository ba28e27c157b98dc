import torch


class _Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, dim, logarithm):
        m, _ = x.max(dim, keepdim=True)
        m = torch.nan_to_num(m, neginf=0.0)
        shifted = x - m
        e = shifted.exp()
        z = e.sum(dim, keepdim=True)
        y = torch.where(z > 0, e / z, torch.zeros_like(e))
        ctx.save_for_backward(y)
        ctx.dim, ctx.logarithm = dim, logarithm
        if logarithm:
            return torch.where(z > 0, shifted - z.log(), torch.full_like(e, float("-inf")))
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        if ctx.logarithm:
            return g - y * g.sum(ctx.dim, keepdim=True), None, None
        return y * (g - (y * g).sum(ctx.dim, keepdim=True)), None, None


def stable_softmax(scores, dim=-1):
    return _Softmax.apply(scores, dim, False)


def stable_log_softmax(scores, dim=-1):
    return _Softmax.apply(scores, dim, True)
