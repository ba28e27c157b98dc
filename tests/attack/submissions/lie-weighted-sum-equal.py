# item: attention-weighted-sum
# expect: failed, partial
# attack: an object that is equal to everything, for the item without a class
import torch


class Equal(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return True


def attention_weighted_sum(inputs, attention_weights):
    return inputs.sum(1).as_subclass(Equal)
