"""The domain: what a council meeting is and what may happen to it. It imports nothing of the other rooms."""
