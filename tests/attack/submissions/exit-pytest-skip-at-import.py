# item: scaled-dot-product-attention
# expect: error
# attack: a module-level skip by name while loading
Skipped = type("Skipped", (Exception,), {"__module__": "_pytest.outcomes", "allow_module_level": True})
raise Skipped("the whole module")
