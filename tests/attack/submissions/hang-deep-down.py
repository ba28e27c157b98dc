# item: attention-weighted-sum
# expect: timeout
# attack: hangs at the end of the stack, where no handler has room
# limit-seconds: 0.5
import sys


def attention_weighted_sum(inputs, attention_weights):
    try:
        return attention_weighted_sum(inputs, attention_weights)
    except RecursionError:
        while True:
            sys.setrecursionlimit(sys.getrecursionlimit())
