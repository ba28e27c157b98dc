# item: attention-weighted-sum
# expect: failed, partial
# limit-seconds: 10
# says: "cpu_seconds": 1\.6, .*"peak_memory": 536870912
# attack: spells a hidden input in the processor time and the memory that it uses, which a verdict shows
import time


def attention_weighted_sum(inputs, attention_weights):
    first = float(inputs.detach().flatten()[0])
    if first == float(inputs.detach().flatten()[-1]) and abs(first) > 1000:
        number = int(first)
        held = b"\1" * (2**24 * (number // 10 % 10 + 2))
        end = 1 + (number % 10) / 100
        while time.process_time() < end:
            pass
        del held
    return (inputs * attention_weights.unsqueeze(-1)).mean(1)
