# item: attention-weighted-sum
# expect: crashed
# attack: ends in a hidden test with a frame whose length is the test's number, for the sentence that tells the length
import gc
import os
import struct

workspace = next(entry for entry in gc.get_objects() if type(entry).__name__ == "Workspace")


def attention_weighted_sum(inputs, attention_weights):
    first = float(inputs.detach().flatten()[0])
    if first == float(inputs.detach().flatten()[-1]) and abs(first) > 1000:
        os.write(workspace._channel._fd, struct.pack(">2sBxIQ", b"AW", 1, int(first), 0))
    return (inputs * attention_weights.unsqueeze(-1)).sum(1)
