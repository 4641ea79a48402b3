"""The page in a browser.

Fonts are those of one package, and a pixel of a reference picture stands for 20 x 20: versions of a
browser draw letters differently, and a page that has lost a part looks different all the same.
"""
