"""The two fonts of every paper: Noto Sans SC and Noto Serif SC (SIL OFL 1.1), from a wheel.

Pillow takes the OpenType files as they are. reportlab embeds TrueType outlines only, so the
glyphs that a paper needs are converted into a file of their own at drawing time.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from zlib import crc32

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as PdfFont

SANS = "NotoSansSC-Regular.otf"
SERIF = "NotoSerifSC-Regular.otf"


def path(name: str) -> Path:
    """Return where the wheel keeps a font."""
    return Path(str(files("pylopdf_fonts_zh_cn") / name))


@cache
def pillow(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Return a font for drawing on images, `size` in pixels."""
    return ImageFont.truetype(str(path(name)), size, layout_engine=ImageFont.Layout.BASIC)


def register(name: str, characters: Iterable[str], folder: Path) -> str:
    """Make a font known to reportlab with the glyphs of `characters`; return its name there.

    The name says which glyphs: reportlab reuses the first font that has a name.
    """
    text = "".join(sorted(set(characters)))
    alias = f"{Path(name).stem}-{crc32(text.encode()):08x}"
    target = folder / f"{alias}.ttf"
    font = _truetype(path(name), text)
    for record in font["name"].names:
        if record.nameID in {1, 4, 6}:
            record.string = alias
    font.save(target)
    pdfmetrics.registerFont(PdfFont(alias, str(target)))
    return alias


def _truetype(source: Path, text: str) -> TTFont:
    """Subset an OpenType font and turn its cubic outlines into quadratic ones."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options(layout_features=[], notdef_outline=True, hinting=False)
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    order, glyphs = font.getGlyphOrder(), font.getGlyphSet()
    outlines = {}
    for glyph in order:
        pen = TTGlyphPen(glyphs)
        glyphs[glyph].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        outlines[glyph] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, outlines
    for glyph in order:
        outlines[glyph].recalcBounds(glyf)
        font["hmtx"][glyph] = (font["hmtx"][glyph][0], getattr(outlines[glyph], "xMin", 0))
    _limits(font, len(order))
    for table in set(font.keys()) & {"CFF ", "VORG", "GSUB", "GPOS", "GDEF", "BASE"}:
        del font[table]
    font.sfntVersion = "\x00\x01\x00\x00"
    return font


def _limits(font: TTFont, glyphs: int) -> None:
    """Write the tables that TrueType wants and OpenType does without."""
    font["maxp"] = maxp = newTable("maxp")
    maxp.tableVersion, maxp.numGlyphs = 0x00010000, glyphs
    maxp.maxZones = 1
    for zero in ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs"):
        setattr(maxp, f"max{zero}", 0)
    for zero in ("StackElements", "SizeOfInstructions", "ComponentElements"):
        setattr(maxp, f"max{zero}", 0)
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0
