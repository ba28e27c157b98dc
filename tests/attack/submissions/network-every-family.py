# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: every address family by number: netlink, packet, vsock, bluetooth, crypto, can, kcm, xdp and the rest
import socket

MARK = "BREACH" "-network-every-family"
through = []
for family in range(0, 50):
    for kind in (1, 2, 3, 5):
        try:
            socket.socket(family, kind, 0).close()
            through.append(family)
        except OSError:
            pass
raise RuntimeError(f"{MARK} {sorted(set(through))}" if through else "held")
