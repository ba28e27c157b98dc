"""How the pages of banks are looked at; their bank and item are those of `swept_variants`."""

VISITORS = {"authoring": ("instructor",)}
