"""Pages for people: who must do what in an area, from the sentence down to the paragraph.

Not here: answers and their sentences (`questions`), or how a graph is derived.

Each page is made by a function that is given a `Site` and returns a `Page`: its HTML,
and the same as data beside it. Nothing is written by them, so that a server can give the
same pages for any day; `build` writes all of them into a folder.

>>> import cspgraph
>>> from cspgraph.site import area, context
>>> site = context.Site(cspgraph.load(on="2024-07-23"), areas=["E06000059"])
>>> place = site.areas["E06000059"]
>>> found = area.answers(site.kg.together([place.code]), place, turtle=False)
>>> page = area.page(site, found)
>>> page.folder, sorted(page.data)
('area/E06000059/', ['adopt.csv', 'bodies.csv', 'duties.csv', 'index.json'])
>>> "<h1>Dorset</h1>" in page.html
True

The pages, each in a module of its name: `home.page`, `area.page`, `changes.country` and
`changes.of_area`, `law.index`, `law.instrument`, `law.provision`, `law.duties`,
`law.duty`, `body.index`, `body.page`, `question.index`, `question.page`,
`report.index`, `report.page`, `about.words`, `about.sure`, `about.pages`. `Site.at`
gives the site of another day; `addresses.address` the folder of the page of a thing.
"""

__all__: list[str] = []
