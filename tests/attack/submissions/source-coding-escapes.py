# coding: unicode_escape
# item: scaled-dot-product-attention
# expect: error
# attack: an encoding that turns escapes into code
x = 1\nimport os\nos._exit(0)\n\ud800
