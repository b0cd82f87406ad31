"""The recorder: fragmented MP4 on disk, one process for each meeting."""
