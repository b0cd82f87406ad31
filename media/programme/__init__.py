"""The programme: layouts, the picture, the sound, the slates."""
