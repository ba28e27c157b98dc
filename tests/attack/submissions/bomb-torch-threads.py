# item: scaled-dot-product-attention
# expect: error, crashed, failed, partial
# attack: asks torch for 64 threads and gives them work
import torch

MARK = "BREACH" "-bomb-torch-threads"
torch.set_num_threads(64)
big = torch.randn(400, 400)
for _ in range(20):
    big = (big @ big).tanh()
raise RuntimeError("held")
