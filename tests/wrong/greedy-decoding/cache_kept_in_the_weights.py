# mistake: the cache stays in the caller's weights
import torch


class Decoder:
    """A small language model that keeps the keys and values of each layer."""

    def __init__(self, weights):
        self.weights = weights
        self.caches = [layer.setdefault("cache", {}) for layer in weights["layers"]]
        self.length = 0

    def keep(self, cache, k, v):
        """All keys and values of a layer up to now, the new ones last."""
        if cache:
            k, v = torch.cat([cache["k"], k], 1), torch.cat([cache["v"], v], 1)  # (B, n + T, D)
        cache.update(k=k, v=v)
        return k, v

    def mask(self, new, total):
        return torch.ones(new, total, dtype=torch.bool).tril(total - new)  # (T, n + T)

    def attend(self, x, layer, cache):
        q = x @ layer["query"]  # (B, T, D)
        k, v = self.keep(cache, x @ layer["key"], x @ layer["value"])  # (B, n + T, D)
        scores = q @ k.transpose(1, 2) / x.size(-1) ** 0.5  # (B, T, n + T)
        return scores.masked_fill(~self.mask(*scores.shape[1:]), float("-inf")).softmax(-1) @ v @ layer["output"]

    def place(self, tokens):
        """Vectors of the positions that these tokens take."""
        return self.weights["positions"][self.length : self.length + tokens.size(1)]  # (T, D)

    def scores(self, tokens):
        """tokens (B, T), the next ones of each sequence -> scores of what comes after the last (B, V)"""
        x = self.weights["embedding"][tokens] + self.place(tokens)  # (B, T, D)
        for layer, cache in zip(self.weights["layers"], self.caches):
            x = x + self.attend(x, layer, cache)  # (B, T, D)
        self.length += tokens.size(1)
        return x[:, -1] @ self.weights["head"]  # (B, V)

    def write(self, prompt, stop, max_new):
        tokens, written, finished = prompt, [], torch.zeros(len(prompt), dtype=torch.bool)
        while len(written) < max_new and not finished.all():
            new = self.scores(tokens).argmax(-1).masked_fill(finished, stop)  # (B,)
            written.append(new)
            finished = finished | (new == stop)
            tokens = new[:, None]
        return torch.stack(written, 1) if written else prompt[:, :0]  # (B, n)


@torch.no_grad()
def greedy_decode(weights, prompt, stop, max_new):
    return Decoder(weights).write(prompt, stop, max_new)
