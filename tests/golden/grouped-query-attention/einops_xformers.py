from einops import einsum, rearrange


def grouped_query_attention(query, key, value, mask=None):
    groups = key.shape[1]
    if query.shape[1] % groups:
        raise ValueError("uneven groups")
    q = rearrange(query, "b (g r) i d -> b g r i d", g=groups) / query.shape[-1] ** 0.5
    sim = einsum(q, key, "b g r i d, b g j d -> b g r i j")
    sim = rearrange(sim, "b g r i j -> b (g r) i j")
    if mask is not None:
        sim = sim.masked_fill(mask.logical_not(), -float("inf"))
    attn = rearrange(sim.softmax(dim=-1), "b (g r) i j -> b g r i j", g=groups)
    out = einsum(attn, value, "b g r i j, b g j d -> b g r i d")
    return rearrange(out, "b g r i d -> b (g r) i d")
