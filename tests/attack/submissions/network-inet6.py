# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: IPv6 sockets
import socket

MARK = "BREACH" "-network-inet6"
through = []
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    try:
        socket.socket(socket.AF_INET6, kind).close()
        through.append(str(kind))
    except OSError:
        pass
raise RuntimeError(f"{MARK} {through}" if through else "held")
