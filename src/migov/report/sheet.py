"""A page that is one sheet of paper when printed."""

from __future__ import annotations

import attrs

from migov.report.page import Page

STYLE = """
@media screen and (max-width:40rem){.wide{overflow:visible}td,td.number{white-space:normal;
overflow-wrap:anywhere;padding-right:.35rem}table{font-size:.8rem}}
@media print{@page{size:A4;margin:11mm}
body{font-size:9pt;line-height:1.28}main{display:grid;grid-template-columns:2fr 3fr;
column-gap:7mm}h1,section{grid-column:1/3;margin:0}section:nth-of-type(2){grid-column:1}
section:nth-of-type(3){grid-column:2}h1{font-size:14pt;margin-bottom:1mm}
h2{font-size:10pt;margin:2mm 0 .8mm}p{margin:.5mm 0}
table{font-size:7.8pt;line-height:1.15;margin:.5mm 0 1mm}
caption{padding:0 0 .5mm;font-size:7.5pt}th,td{padding:.15mm 2mm .15mm 0}
.note{font-size:7.2pt;line-height:1.22;margin:.4mm 0}
section:nth-of-type(5) .note{display:inline}
section:nth-of-type(5) .note:not(:last-child)::after{content:" \\2022  "}}
""".replace("\n", "")


@attrs.frozen(eq=False)
class Sheet(Page):
    """A page whose five sections are set to fit one A4 sheet in print.

    The second and third stand beside each other, the fifth is small print that runs on.
    """

    def html(self) -> str:
        """Return the page as one HTML file."""
        return Page.html(self).replace("</head>", f"<style>{STYLE}</style></head>", 1)
