"""Pages, the JSON API and the HTTP ends of the media. ``web.site.add_site`` puts all on an application."""
