"""No module of the engine imports itself by way of others, imports for types included."""

from graphlib import TopologicalSorter

import grimp


def test_the_engine_has_no_import_circle():
    graph = grimp.build_graph("factorlab", cache_dir=None)
    engine = {name for name in graph.modules if name.startswith("factorlab.engine")}
    imports = {name: graph.find_modules_directly_imported_by(name) & engine for name in engine}
    TopologicalSorter(imports).prepare()  # raises CycleError, with the circle
