# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: IPv4 sockets of every type, connected to this machine only
import socket

MARK = "BREACH" "-network-inet"
through = []
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
    try:
        with socket.socket(socket.AF_INET, kind, 1 if kind == socket.SOCK_RAW else 0) as s:
            through.append(str(kind))
            s.settimeout(1)
            s.connect(("127.0.0.1", 8000))
    except OSError:
        pass
raise RuntimeError(f"{MARK} {through}" if through else "held")
