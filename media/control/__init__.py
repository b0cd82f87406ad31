"""The control channel: typed commands and events between the hub and the media processes."""
