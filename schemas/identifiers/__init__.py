"""Numbers that carry their own check: pure algorithms that both readers and rules use.

Every module has the same verbs: `compact` (the standard way to write the number), `validate`
(return it or raise), `is_valid`, and `repair` (undo the confusions of character recognition,
or None when the answer is not the only one).
"""
