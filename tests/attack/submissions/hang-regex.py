# item: scaled-dot-product-attention
# expect: timeout
# limit-seconds: 1
# attack: a regular expression that backtracks for years, without ever returning to the interpreter
import re

re.match(r"(a|aa)*$", "a" * 200 + "b")
