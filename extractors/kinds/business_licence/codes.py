"""The credit code and the registration number, and what their check characters prove."""

from typing import Any

from extractors.kinds.business_licence import evidence, numbers, readings
from extractors.kinds.business_licence.claims import Claim
from extractors.kinds.business_licence.fields import Maker
from extractors.kinds.business_licence.numbers import Number
from extractors.kinds.business_licence.reader import Face
from extractors.kinds.business_licence.runs import Run, of_word
from extractors.ocr.look import Look, View
from schemas.fields import Field
from schemas.geometry import Box
from schemas.identifiers import registration_number, uscc
from schemas.text import Word


def fields(maker: Maker, face: Face, look: Look | None) -> dict[str, Field[Any]]:
    """Return the fields of the numbers that the face bears."""
    found: dict[str, Field[Any]] = {}
    if face.code is not None:
        found["unified_social_credit_code"] = _code(maker, face.code, look)
    if face.old_number is not None:
        found["registration_number"] = _old(maker, face.old_number, look)
    if face.serial is not None:
        claim = Claim((face.serial.run,), label="编号")
        found["serial_number"] = maker.field(Field[str], claim, lambda text: text, accepted=False)
    if face.code is None and face.old_number is None:
        found["unified_social_credit_code"] = Field[str].unreadable()
    if not evidence.is_one_licence(face):
        found = {name: f.model_copy(update={"accepted": False}) for name, f in found.items()}
    return found


def _code(maker: Maker, number: Number, look: Look | None) -> Field[str]:
    """Return the credit code.

    A code that fails its checks gives way to one that two further readings agree on and that
    passes them; one that a single reading or the likeness of letters offers is a repair.
    """
    claim = Claim((number.run,), label="统一社会信用代码")
    is_sound = numbers.is_sound_code(number.text)
    if is_sound and claim.doubtful <= 1:
        return maker.field(Field[str], claim, lambda _: number.text, accepted=True)
    again = _again(number, look)
    texts = [_compact(run) for run in again]
    if is_sound:
        agreed = number.text in texts
        return maker.field(Field[str], claim, lambda _: number.text, accepted=agreed)
    sound = [text for text in texts if numbers.is_sound_code(text)]
    if len(sound) > 1 and len(set(sound)) == 1:
        claim = Claim((again[texts.index(sound[0])],), claim.label)
        return maker.field(Field[str], claim, lambda _: sound[0], accepted=True)
    proposal = sound[0] if sound else _found_again(number, look) or uscc.repair(number.run.text)
    field = maker.field(Field[str], claim, lambda _: proposal or number.text, accepted=False)
    return field.model_copy(update={"repaired": proposal is not None})


def _old(maker: Maker, number: Number, look: Look | None) -> Field[str]:
    """Return the registration number, whose single check digit is too weak to repair by."""
    claim = Claim((number.run,), label="注册号")
    texts = [_compact(run) for run in _again(number, look)]
    agreed = look is None or number.text in texts
    sure = agreed and claim.doubtful <= 1 and registration_number.is_valid(number.text)
    return maker.field(Field[str], claim, lambda _: number.text, accepted=sure)


def _again(number: Number, look: Look | None) -> tuple[Run, ...]:
    """Read a number twice more, with room for a character that was cut, plain and in red."""
    if look is None:
        return ()
    box, height = number.run.box, number.run.height
    by = 0.1 * height
    is_last = number.run.glyphs[-1] is number.source.glyphs[-1]
    room = 8 * by if is_last else 0.0
    wide = Box(box.left - by, box.top - by, box.right + room, box.bottom + by)
    lines = (*look.again([wide]), *look.again([wide], View.RED))
    return tuple(
        of_word(Word(text=line.text, box=wide, characters=line.characters)) for line in lines
    )


def _found_again(number: Number, look: Look | None) -> str | None:
    """Return the sound code of the line as it is found anew: a leaning line was cut too high."""
    if look is None:
        return None
    box = number.source.box
    by = 0.3 * box.height
    wide = Box(box.left - by, box.top - by, box.right + by, box.bottom + by)
    found = numbers.credit_code(numbers.numbers(readings.within(look, wide, View.RED)))
    return found.text if found and numbers.is_sound_code(found.text) else None


def _compact(run: Run) -> str:
    return uscc.compact(run.text.replace("l", "1"))
