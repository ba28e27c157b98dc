# item: scaled-dot-product-attention
# expect: timeout
# limit-seconds: 1
# attack: answers SIGXCPU, SIGALRM and SIGTERM with a handler that carries on, and asks for ever more alarms
import signal

for number in (signal.SIGXCPU, signal.SIGALRM, signal.SIGTERM, signal.SIGPROF):
    try:
        signal.signal(number, lambda *args: None)
    except OSError:
        pass
try:
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
except OSError:
    pass
while True:
    pass
