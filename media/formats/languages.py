"""What a choice of sound is called: the floor, and languages by their own names."""

FLOOR = "Floor"
_OWN_NAMES = {
    "cy": "Cymraeg",
    "en": "English",
    "ga": "Gaeilge",
    "gd": "Gàidhlig",
    "gv": "Gaelg",
    "kw": "Kernewek",
    "pl": "Polski",
    "pa": "ਪੰਜਾਬੀ",
    "ur": "اردو",
    "bn": "বাংলা",
}


def own_name(language: str) -> str:
    """The name of a language (BCP 47) in itself; the tag for one that is not known here."""
    return _OWN_NAMES.get(language.partition("-")[0].lower(), language)
