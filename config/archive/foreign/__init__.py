"""Dumps of other platforms, each read as rows of the product's own archive and then imported as any archive is."""
