"""Words as they are looked for: in which language's dictionary, and in pairs of letters where writing has no spaces.

The dictionaries are PostgreSQL's (https://www.postgresql.org/docs/current/textsearch-dictionaries.html). Which language a text is in
its commonest words tell; where they don't, words are taken as they are.
"""

import re

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC, _CYRILLIC, _GREEK = re.compile("[\u0600-\u06ff]"), re.compile("[\u0400-\u04ff]"), re.compile("[\u0370-\u03ff]")
_COMMON = {
    "english": "the of and to in is that for it as with on be by this are from at which or how what does can not",
    "german": "der die das und ist von mit den dem nicht ein eine zu auf für im werden wird sich wie was auch oder bei",
    "french": "le la les des et est une dans pour que qui sur pas du au avec par plus sont comment",
    "spanish": "el los las una que del por con para como está son más pero sus al se cómo qué",
    "italian": "il lo gli della che una per con non sono del alla come più nel dei è",
    "portuguese": "os das uma que não para com por como mais são dos na no ao é",
    "dutch": "het een van en dat niet zijn voor met op aan wordt ook hoe wat",
    "swedish": "och att det som en på är av för med den till inte har hur",
    "turkish": "ve bir bu için ile olarak daha gibi çok değil nasıl",
}
_LANGUAGES = {
    word: {language for language, words in _COMMON.items() if word in words.split()} for words in _COMMON.values() for word in words.split()
}
# Characters that are looked at, and common words that make it clear.
_SAMPLE, _CLEARLY = 20_000, 5


def language(text: str, *, usual: str = "") -> str:
    """Return the dictionary for a text, by PostgreSQL's name; `simple` where nothing tells which.

    With `usual` that one, unless the text is clearly in another.
    """
    sample = text[:_SAMPLE]
    for letters, name in ((_ARABIC, "arabic"), (_CYRILLIC, "russian"), (_GREEK, "greek")):
        if len(letters.findall(sample)) * 3 > len(sample):
            return name
    counts = dict.fromkeys(_COMMON, 0)
    for word in _WORD.findall(sample.lower()):
        for named in _LANGUAGES.get(word, ()):
            counts[named] += 1
    best = max(counts, key=lambda named: counts[named])
    if usual:
        return best if counts[best] >= _CLEARLY + 2 * counts.get(usual, 0) else usual
    return best if counts[best] else "simple"


def pairs(text: str) -> list[str]:
    """Return the pairs of neighbouring letters in unspaced writing, each once."""
    found: dict[str, None] = {}
    for run in _UNSPACED.findall(text):
        found.update(dict.fromkeys(run[at : at + 2] for at in range(max(1, len(run) - 1))))
    return list(found)
