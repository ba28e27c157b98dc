# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: reads what the one before wrote down
import tempfile

MARK = "BREACH" "-carry-files-2"
try:
    text = open(f"{tempfile.gettempdir()}/attention-attack-inputs").read()
except OSError:
    raise RuntimeError("held") from None
raise RuntimeError(MARK + text[:500])
