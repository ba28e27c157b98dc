# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: http, ftp and file addresses through urllib (this machine only)
import urllib.error
import urllib.request

MARK = "BREACH" "-network-urllib"
through = []
for url in ("http://127.0.0.1:8000/", "ftp://127.0.0.1/", "file:///etc/passwd"):
    try:
        urllib.request.urlopen(url, timeout=1)
        through.append(url)
    except (OSError, ValueError):
        pass
raise RuntimeError(f"{MARK} {through}" if through else "held")
