import torch


def _visible(query, key, lengths, causal, mask):
    i = torch.arange(query.shape[-2])[:, None]
    j = torch.arange(key.shape[-2])[None, :]
    visible = (j >= 0) & (i >= 0)
    if causal:
        visible = visible & (j <= i)
    visible = visible[None, None]
    if lengths is not None:
        visible = visible & (j[None, None] < lengths[:, None, None, None])
    if mask is not None:
        visible = visible & (mask if mask.dtype == torch.bool else mask.ne(float("-inf")))
    return visible


def masked_attention(query, key, value, lengths=None, causal=False, mask=None):
    see = _visible(query, key, lengths, causal, mask)
    if lengths is not None:
        keep = torch.arange(key.shape[-2])[None, :, None] < lengths[:, None, None]
        zero = torch.zeros((), dtype=key.dtype)
        key, value = torch.where(keep[:, None], key, zero), torch.where(keep[:, None], value, zero)
    logits = torch.einsum("bhid,bhjd->bhij", query, key) * query.shape[-1] ** -0.5
    if mask is not None and mask.dtype != torch.bool:
        logits = logits + mask
    logits = torch.where(see, logits, torch.zeros((), dtype=logits.dtype))
    low = torch.finfo(logits.dtype).min
    top = torch.where(see, logits, torch.full_like(logits, low)).amax(-1, keepdim=True)
    top = torch.where(see.any(-1, keepdim=True), top, torch.zeros_like(top)).detach()
    # masked places are below or at zero after the shift, so that no exponential overflows before it is dropped
    shifted = torch.where(see, logits - top, torch.zeros_like(logits))
    p = torch.where(see, shifted.exp(), torch.zeros_like(logits))
    total = p.sum(-1, keepdim=True)
    return torch.einsum("bhij,bhjv->bhiv", p / total.masked_fill(total == 0, 1), value)
