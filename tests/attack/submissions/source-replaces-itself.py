# item: scaled-dot-product-attention
# expect: failed, partial, error
# attack: runs a second source in its own name and clears its own traces
import linecache
import sys

source = "class ScaledDotProductAttention:\n    pass\n"
exec(compile(source, "/etc/passwd", "exec"))
linecache.cache.clear()
sys.modules.pop(__name__, None)
__file__ = "grader/verdict.py"
