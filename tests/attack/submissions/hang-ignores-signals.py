# item: scaled-dot-product-attention
# expect: timeout
# limit-seconds: 1
# attack: ignores and blocks every signal there is, then loops
import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
try:
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
except OSError:
    pass
while True:
    pass
