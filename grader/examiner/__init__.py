"""The trusted process that runs an item's suite: collection, proxies, reports and the trace."""
