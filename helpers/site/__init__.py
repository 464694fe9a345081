"""The web edition: the notebooks as pages that open from a link, with nothing installed."""
