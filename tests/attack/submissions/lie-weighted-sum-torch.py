# item: attention-weighted-sum
# expect: failed, partial, error
# attack: the function is torch's own, or a builtin
import torch

attention_weighted_sum = torch.mul
