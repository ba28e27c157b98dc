# 多头注意力：先投影，再拆头，最后合并
import torch
import torch.nn as nn


class MultiHeadAttention(nn.Module):
    """多头注意力层。"""

    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads != 0:
            raise ValueError("d_model 必须能被 num_heads 整除")
        self.d_model = d_model
        self.num_heads = num_heads
        self.head_dim = d_model // num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.dropout = nn.Dropout(dropout)

    def 拆头(self, x):
        批大小 = x.size(0)
        return x.view(批大小, -1, self.num_heads, self.head_dim).transpose(1, 2)

    def forward(self, query, key, value, mask=None):
        batch_size = query.size(0)
        q = self.拆头(self.query_linear(query))
        k = self.拆头(self.key_linear(key))
        v = self.拆头(self.value_linear(value))
        print("拆头之后：", q.shape, k.shape, v.shape)
        scores = torch.matmul(q, k.transpose(-2, -1)) / (self.head_dim ** 0.5)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, -1e9)   # 屏蔽的位置
        weights = torch.softmax(scores, dim=-1)
        weights = self.dropout(weights)
        out = torch.matmul(weights, v)
        out = out.transpose(1, 2).contiguous().view(batch_size, -1, self.d_model)
        return self.out_linear(out)


if __name__ == "__main__":
    层 = MultiHeadAttention(8, 2)
    print(层(torch.randn(1, 3, 8), torch.randn(1, 4, 8), torch.randn(1, 4, 8)).shape)
