"""What becomes of a recording: time line, playlists on demand, chapters, verification, download."""
