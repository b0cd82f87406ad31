"""The pages: one module a page or a kind of answer, each with ``routes()``."""
