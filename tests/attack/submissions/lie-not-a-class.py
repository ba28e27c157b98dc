# item: scaled-dot-product-attention
# expect: failed, partial, error
# attack: the class is a string, a number, a tensor
ScaledDotProductAttention = "class ScaledDotProductAttention"
