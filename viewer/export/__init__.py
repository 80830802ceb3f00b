"""Taking things out: quotes and transcripts as text, documents, citations and cards. No Qt, no network.

Everything here takes an outline (``viewer.domain.cited_quote``) and writes what other programs read.
"""
