# item: attention-weighted-sum
# expect: timeout, crashed, error
# limit-seconds: 0.5
# attack: a timer of a microsecond for every kind there is, so that it only ever handles signals
import signal

for number in (signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF):
    signal.signal(number, lambda number, frame: [0] * 1000)
for kind in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
    signal.setitimer(kind, 1e-6, 1e-6)
while True:
    pass
