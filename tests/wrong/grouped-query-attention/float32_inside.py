# mistake: the softmax runs in float32, also for float64
def grouped_query_attention(query, key, value, mask=None):
    if query.size(1) % key.size(1):
        raise ValueError
    n = query.size(1) // key.size(1)
    scores = (query @ key.repeat_interleave(n, 1).mT).float() / query.size(-1) ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(-1).to(value.dtype) @ value.repeat_interleave(n, 1)
