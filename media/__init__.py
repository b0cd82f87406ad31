"""The media engine: sources, programme, gate, encoder, bus, relay, LL-HLS and recorder.

It knows nothing of councils, the database or HTTP pages, and imports nothing of the other packages.
"""
