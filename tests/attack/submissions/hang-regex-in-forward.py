# item: attention-weighted-sum
# expect: timeout
# limit-seconds: 0.5
# attack: a regular expression that backtracks for years, in a call, on text as long as its input
import re

import torch


def attention_weighted_sum(inputs, weights):
    re.match("(a|a)+$", "a" * (40 + inputs.numel()) + "b")
    return (inputs * weights.unsqueeze(-1)).sum(1)
