"""The front door of RTMP and SRT encoders: checks their keys and passes their streams to the studios."""
