# item: attention-weighted-sum
# expect: timeout
# limit-seconds: 0.5
# attack: asks the kernel for gigabytes of random bytes in calls that nobody can interrupt
import os

while True:
    os.getrandom(2**25)
