"""The one error a person is meant to read."""


class Problem(Exception):
    """What happened and what to do next, in one sentence; commands show it as it is, pages in the visitor's language.

    The sentence, with the places of its values in braces, is the key by which a page finds its translation. One without
    values is taken as it stands, braces and all.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence, self.values = sentence, values
