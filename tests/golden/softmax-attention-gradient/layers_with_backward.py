import torch


class MatMul:
    def forward(self, a, b):
        self.a, self.b = a, b
        return a @ b

    def backward(self, g):
        return g @ self.b.transpose(-2, -1), self.a.transpose(-2, -1) @ g


class Softmax:
    def forward(self, x):
        self.y = torch.softmax(x, -1)
        return self.y

    def backward(self, g):
        centred = g - (g * self.y).sum(-1, keepdim=True)
        return self.y * centred


class Attention:
    def __init__(self, scale):
        self.scale = scale
        self.scores, self.softmax, self.mix = MatMul(), Softmax(), MatMul()

    def forward(self, q, k, v, mask):
        s = self.scores.forward(q, k.transpose(-2, -1)) * self.scale
        if mask is not None:
            s = s.masked_fill(~mask, float("-inf"))
        return self.mix.forward(self.softmax.forward(s), v)

    def backward(self, g):
        gp, gv = self.mix.backward(g)
        gq, gkt = self.scores.backward(self.softmax.backward(gp) * self.scale)
        return gq, gkt.transpose(-2, -1), gv


def attention_backward(q, k, v, d_out, mask=None):
    attention = Attention(q.size(-1) ** -0.5)
    attention.forward(q, k, v, mask)
    return attention.backward(d_out)
