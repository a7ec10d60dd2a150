"""The pages as a site: sphinx, because its extension for Markdown reads the pages as they are, and
both are in Debian (mdbook is not; asciidoctor would want the pages rewritten)."""

from pygments.lexers.special import TextLexer

project = "imqtt"
author = "the imqtt developers"
project_copyright = "the imqtt developers"
root_doc = "index"
extensions = ["myst_parser"]
myst_heading_anchors = 4  # links such as connection.md#sessions
highlight_language = "none"
suppress_warnings = ["myst.header"]  # a session may be all that a section has

html_theme = "alabaster"
html_theme_options = {
    "description": "The MQTT modem of an LTE module, in software",
    "page_width": "1100px",
    "sidebar_width": "240px",
    "fixed_sidebar": True,
    "font_family": "sans-serif",
}
html_static_path = ["static"]
templates_path = ["templates"]
html_sidebars = {"**": ["about.html", "languages.html", "navigation.html", "searchbox.html"]}
html_copy_source = False
html_show_sphinx = False
html_last_updated_fmt = None
html_use_index = False


def setup(app):
    app.add_lexer("transcript", TextLexer)
