# item: attention-weighted-sum
# expect: timeout
# limit-seconds: 0.5
# attack: works a little and sleeps a little for ever, so that neither clock runs out soon
import time

while True:
    end = time.perf_counter() + 0.001
    while time.perf_counter() < end:
        pass
    time.sleep(0.01)
