"""For scripts and machines: judgings, drafts, health."""
