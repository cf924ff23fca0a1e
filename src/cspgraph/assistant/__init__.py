"""Tools for assistants: eight questions that a program may ask, in words that stand alone.

Not here: what is asked (`desk`), and any law.
"""

__all__: list[str] = []
