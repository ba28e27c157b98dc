# mistake: view needs inputs that are contiguous
def grouped_query_attention(query, key, value, mask=None):
    B, H, L, d = query.shape
    G = key.size(1)
    if H % G:
        raise ValueError
    scores = query.view(B, G, H // G * L, d) @ key.transpose(2, 3) / d**0.5
    scores = scores.view(B, H, L, -1)
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return (scores.softmax(-1).view(B, G, H // G * L, -1) @ value).view(B, H, L, -1)
