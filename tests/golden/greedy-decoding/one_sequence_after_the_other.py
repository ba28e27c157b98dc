"""Each sequence by itself, token by token even in the prompt; put together at the end."""
import torch


class Layer:
    def __init__(self, weights):
        self.w, self.k, self.v = weights, [], []

    def __call__(self, x):  # (D,)
        self.k.append(x @ self.w["key"])
        self.v.append(x @ self.w["value"])
        scores = torch.stack(self.k) @ (x @ self.w["query"]) / len(x) ** 0.5
        return x + torch.softmax(scores, 0) @ torch.stack(self.v) @ self.w["output"]


def write(weights, prompt, stop, max_new):
    layers = [Layer(w) for w in weights["layers"]]
    new, queue = [], list(prompt)
    for place in range(len(prompt) + max_new):
        if not queue or len(new) == max_new:
            break
        x = weights["embedding"][queue.pop(0)] + weights["positions"][place]
        for layer in layers:
            x = layer(x)
        if not queue:
            new.append(int((x @ weights["head"]).argmax()))
            if new[-1] == stop:
                break
            queue.append(new[-1])
    return new


@torch.no_grad()
def greedy_decode(weights, prompt, stop, max_new):
    texts = [write(weights, row, stop, max_new) for row in prompt.tolist()]
    n = max(map(len, texts))
    return torch.tensor([text + [stop] * (n - len(text)) for text in texts], dtype=torch.int64).reshape(len(texts), n)
