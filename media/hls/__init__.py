"""The LL-HLS packager: CMAF parts, playlists and their HTTP origin, one process for each meeting."""
