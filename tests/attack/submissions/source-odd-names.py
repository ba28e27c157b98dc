# item: scaled-dot-product-attention
# expect: failed, partial, error
# attack: a class of the right name in other letters, and public names with escapes, NUL and 100,000 letters
ЅcaledDotProductAttention = None
globals()["\x1b[31mred\x00"] = type("\x1b[31mred", (), {})
globals()["A" * 100_000] = type("A" * 100_000, (), {})
globals()["\ud800"] = lambda: None
