# item: attention-weighted-sum
# expect: timeout
# limit-seconds: 0.5
# attack: waits for descriptors that never become ready, in every way that is allowed
import select

while True:
    select.poll().poll()
