# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: Unix sockets by path and in the abstract namespace, which no file system hides
import socket

MARK = "BREACH" "-network-unix"
through = []
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    for address in ("\0attention-attack", "/run/docker.sock", "/tmp/attention-attack.sock"):
        try:
            with socket.socket(socket.AF_UNIX, kind) as s:
                through.append(str(kind))
                s.bind(address)
        except OSError:
            pass
raise RuntimeError(f"{MARK} {through}" if through else "held")
