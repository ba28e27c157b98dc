import math
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def attention_weighted_sum(inputs, attention_weights):
    return (inputs * attention_weights.unsqueeze(-1)).sum(1)
