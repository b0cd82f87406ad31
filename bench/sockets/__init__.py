"""What it costs to tell a full room that something changed, beside Node's ``socket.io``."""
