"""Measure cspgraph against rdflib alone and raw pyoxigraph, as ratios within one run."""
