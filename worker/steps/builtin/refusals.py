"""Why a built-in tool did not do what it was asked: told to the model and to the person."""


class NotDone(Exception):
    """`code` stays what it is, whatever the sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
