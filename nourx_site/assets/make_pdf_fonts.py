"""Makes the fonts of PDFs from two others: python make_pdf_fonts.py DejaVuSans.ttf

* pdf-sans-*.woff2: the four weights of nourx-sans.woff2, each apart, with figures of one
  width. A variable font would be cut again for every PDF, and stamped with the hour, so
  that no two would be the same; asking for tabular figures in CSS leaks half a megabyte
  per PDF in WeasyPrint 70.
* pdf-fallback.woff2: the letters of our languages and neighbours which NOURX Sans lacks,
  out of DejaVu Sans. Nothing in a PDF then depends on the fonts of the server.

Neither changes by itself: run it again only if one of the two sources does.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FILES = Path(__file__).parent / "files"
WEIGHTS = (400, 500, 600, 700)
KEPT = (
    (0x0020, 0x052F),  # Latin, phonetic, Greek, Cyrillic
    (0x0600, 0x06FF),  # Arabic
    (0x0750, 0x077F),
    (0x07C0, 0x07FF),  # N’Ko
    (0x1D00, 0x1DBF),
    (0x1E00, 0x1EFF),
    (0x2000, 0x22FF),  # punctuation, currencies, arrows, mathematics
    (0x2460, 0x27BF),  # shapes and signs
    (0x2B00, 0x2BFF),
    (0x2C60, 0x2C7F),
    (0x2D30, 0x2D7F),  # Tifinagh
    (0xA640, 0xA69F),
    (0xA700, 0xA7FF),
    (0xFB00, 0xFB06),
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFF),
    (0x1F600, 0x1F64F),  # faces
)


def make_weights() -> None:
    """Cut the variable font at each weight."""
    for weight in WEIGHTS:
        font = TTFont(FILES / "nourx-sans.woff2")
        instantiateVariableFont(font, {"wght": weight}, inplace=True)
        font["OS/2"].usWeightClass = weight
        set_tabular_figures(font)
        font.recalcTimestamp = False
        font.flavor = "woff2"
        font.save(FILES / f"pdf-sans-{weight}.woff2")


def set_tabular_figures(font: TTFont) -> None:
    """Have the digits drawn by the glyphs of the feature "tnum"."""
    layout = font["GSUB"].table
    features = layout.FeatureList.FeatureRecord
    tabular = next(one.Feature for one in features if one.FeatureTag == "tnum")
    swaps = {}
    for index in tabular.LookupListIndex:
        for table in layout.LookupList.Lookup[index].SubTable:
            swaps.update(table.mapping)
    for table in font["cmap"].tables:
        table.cmap = {code: swaps.get(name, name) for code, name in table.cmap.items()}


def make_fallback(source: Path) -> None:
    """Keep our letters out of DejaVu Sans."""
    font = TTFont(source)
    font.recalcTimestamp = False
    options = subset.Options(
        hinting=False, layout_features=["*"], name_IDs=["*"], notdef_outline=True
    )
    subsetter = subset.Subsetter(options)
    drawn = font.getBestCmap()
    subsetter.populate(unicodes=[code for code in drawn if any(a <= code <= b for a, b in KEPT)])
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(FILES / "pdf-fallback.woff2")


if __name__ == "__main__":
    make_weights()
    make_fallback(Path(sys.argv[1]))
