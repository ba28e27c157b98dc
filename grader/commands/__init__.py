"""The commands of ``workshop`` that need no server."""
