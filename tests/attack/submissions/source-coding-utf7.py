# coding: utf-7
# item: scaled-dot-product-attention
# expect: error
# attack: UTF-7, in which code hides as text
x = 1 +AAo-import os+AAo-raise RuntimeError('held +2AA-')
