"""What a choice of sound or captions is called: the floor, and languages by their own names."""

SOUND_GROUP = ',AUDIO="sound"'
"""What a variant with that choice says of it."""
CAPTIONS_GROUP = ',SUBTITLES="captions"'
"""The same of captions."""
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


_INTERPRETED = {"cy": "cyfieithu", "en": "interpretation"}
"""What interpretation is called, in the language itself."""


def interpreted_label(language: str) -> str:
    """The choice of the interpreted sound, in its own words: "Cymraeg (cyfieithu)"."""
    word = _INTERPRETED.get(language.partition("-")[0].lower(), _INTERPRETED["en"])
    return f"{own_name(language)} ({word})"


def floor_label(interpreted: str) -> str:
    """The choice of the floor beside it: "English (floor)", or "Floor" where English is interpreted."""
    return "Floor" if own_name(interpreted) == _OWN_NAMES["en"] else f"{_OWN_NAMES['en']} (floor)"


def sound_group(language: str | None, floor_uri: str = "audio.m3u8") -> str:
    """The choice of sound as lines of a multivariant playlist, or nothing.

    Both have playlists of their own. With the floor among the pictures' own segments, and hence without a URI
    (RFC 8216bis, 4.4.6.1), hls.js cannot change over: it has one source buffer then for picture and sound.
    """
    if language is None:
        return ""
    common = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",CHANNELS="2",AUTOSELECT=YES'
    return (
        f'{common},NAME="{floor_label(language)}",DEFAULT=YES,URI="{floor_uri}"\n'
        f'{common},NAME="{interpreted_label(language)}",LANGUAGE="{language}",DEFAULT=NO,URI="interpreted.m3u8"\n'
    )


def captions_group(language: str | None) -> str:
    """The choice of captions as a line of a multivariant playlist, or nothing."""
    if language is None:
        return ""
    return (
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",AUTOSELECT=YES,DEFAULT=NO,FORCED=NO,'
        f'NAME="{own_name(language)}",LANGUAGE="{language}",'
        'CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog",URI="captions.m3u8"\n'
    )
