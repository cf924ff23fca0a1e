"""The server: answers, SPARQL and a check of a record over HTTP, read only.

Not here: what is asked (`desk`), and any law.
"""

__all__: list[str] = []
