# item: attention-weighted-sum
# expect: failed, partial, error, crashed
# attack: dicts whose keys are thousands of tensors: printing one such key takes the examiner a second
import torch

torch.manual_seed(0)
wide = [torch.randn(2, 2, 2, 2, dtype=torch.float64) * 10.0 ** torch.randint(-9, 9, (2, 2, 2, 2)) for _ in range(6000)]
answer = {tuple(wide[:3000]): 1, tuple(wide[3000:]): 2}


def attention_weighted_sum(inputs, attention_weights):
    return answer
