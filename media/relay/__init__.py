"""The relay: programmes from the bus to WebRTC viewers, over a transport of our own."""
