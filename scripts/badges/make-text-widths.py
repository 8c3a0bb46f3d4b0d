#!/usr/bin/env python3
"""Writes Sources/Reporting/Badges/TextWidths+Tables.swift: what characters are wide, from the fonts themselves.

    make-text-widths.py --verdana verdana.ttf --verdana-bold verdanabold.pm \
        --helvetica-bold LiberationSans-Bold.ttf --fallback DejaVuSans.ttf > TextWidths+Tables.swift

Needs fonttools. Verdana itself is in PyPI's genbadge, its bold widths are in Debian's libpdf-api2-perl, and Liberation Sans
has Helvetica's widths. DejaVu Sans is what a browser takes where Verdana has no glyph.
"""
import argparse
import re
import sys
import unicodedata

from fontTools.agl import AGL2UV
from fontTools.ttLib import TTFont

FIRST, LAST = 0x20, 0x24F
# Measured in a browser by shields.io's width table, where its fallback font is another than ours.
MEASURED = {0x2713: 841}
EMOJI, IDEOGRAPH = 1370, 1100


def font_widths(path):
    font = TTFont(path)
    em, advance = font["head"].unitsPerEm, font["hmtx"]
    return {code: advance[name][0] / em for code, name in font.getBestCmap().items()}


def perl_widths(path):
    text = open(path, encoding="latin-1").read()
    table = text[text.index("'wx'"):]
    found = re.findall(r"'([A-Za-z0-9.]+)' => '(\d+)'", table)
    return {AGL2UV[name]: int(width) / 1000 for name, width in found if name in AGL2UV}


def hundredths(width, size):
    return round(width * size * 100)


def direct(name, size, widths, fallback):
    row = [0 if unicodedata.category(chr(c)) == "Cc" else hundredths(widths.get(c, fallback.get(c, widths[0x6D])), size)
           for c in range(FIRST, LAST + 1)]
    print(f"    static let {name}: [UInt16] = [")
    for at in range(0, len(row), 20):
        print("        " + " ".join(f"{w}," for w in row[at:at + 20]))
    print("    ]\n")


def wide(code):
    if 0x1F300 <= code <= 0x1FAFF:
        return EMOJI
    return IDEOGRAPH if unicodedata.east_asian_width(chr(code)) in "WF" else None


def others(verdana, dejavu):
    unknown = hundredths(verdana[0x6D], 11)
    runs = []
    for code in range(LAST + 1, 0x110000):
        if 0xD800 <= code <= 0xDFFF or code > 0x3FFFF and code < 0xE0000:
            width = unknown
        elif code in MEASURED:
            width = MEASURED[code]
        elif unicodedata.category(chr(code)) in ("Mn", "Me", "Cf"):
            width = 0
        elif (known := verdana.get(code, dejavu.get(code))) is not None:
            width = hundredths(known, 11)
        else:
            width = wide(code) or unknown
        if not runs or runs[-1][1] != width:
            runs.append((code, width))
    for name, kind, column in (("starts", "UInt32", 0), ("widths", "UInt16", 1)):
        print(f"    static let {name}: [{kind}] = [")
        for at in range(0, len(runs), 15):
            print("        " + " ".join(f"{run[column]}," for run in runs[at:at + 15]))
        print("    ]" + ("\n" if column == 0 else ""))
    print(len(runs), "runs", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser()
    for name in ("verdana", "verdana-bold", "helvetica-bold", "fallback"):
        parser.add_argument(f"--{name}", required=True)
    given = parser.parse_args()
    verdana, dejavu = font_widths(given.verdana), font_widths(given.fallback)
    print("""// Written by scripts/badges/make-text-widths.py.

/// Widths of U+0020 to U+024F in hundredths of a pixel, per font and size.
enum DirectWidths {""")
    direct("verdana11", 11, verdana, dejavu)
    direct("verdana10", 10, verdana, dejavu)
    direct("verdanaBold10", 10, perl_widths(given.verdana_bold), dejavu)
    direct("helveticaBold11", 11, font_widths(given.helvetica_bold), dejavu)
    print("""}

/// Widths of all other characters in hundredths of a pixel at 11 px: the run that begins at `starts[i]` is `widths[i]` wide.
enum OtherWidths {""")
    others(verdana, dejavu)
    print("}")


main()
