"""What viewers by LL-HLS cost: from our origin alone, and behind nginx."""
