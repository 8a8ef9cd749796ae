"""A Tika server: it reads scans by Tesseract, and a thousand kinds of documents (https://cwiki.apache.org/confluence/display/TIKA/TikaServer).

`PUT /tika` takes the bytes and answers XHTML. Versions before 4 want to be told so by Accept; later ones answer nothing else.
"""

from worker.engines.wire.http import Cut, Http

# Of a document that has at most 100 MiB; its text is cut after 20 million characters anyway.
ANSWER_BYTES = 128 << 20


class Tika:
    """One server."""

    def __init__(self, url: str, *, within_s: float) -> None:
        self._http, self._within_s = Http(url), within_s

    def asking(self) -> Cut:
        """Return what cuts a request off that is made with it."""
        return Cut()

    def read(self, data: bytes, cut: Cut) -> bytes:
        """Return a document as XHTML, empty where there is no text in it. Raises EngineUnavailable, RequestRejected where it can't be read."""
        return self._http.put("/tika", data, {"Accept": "text/html"}, cut, most=ANSWER_BYTES, within_s=self._within_s)
