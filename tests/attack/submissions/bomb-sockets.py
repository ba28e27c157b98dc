# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: pairs of sockets, filled with data nobody reads
import socket

MARK = "BREACH" "-bomb-sockets"
made = 0
try:
    for _ in range(100):
        a, b = socket.socketpair()
        made += 1
except OSError:
    pass
raise RuntimeError(MARK if made else "held")
