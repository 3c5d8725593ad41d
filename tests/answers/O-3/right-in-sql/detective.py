"""Asks a database in memory."""

import json
import sqlite3
import sys

database = sqlite3.connect(":memory:")
database.execute(
    "CREATE TABLE spans (trace, id, parent, service, tenant, raised, begin, end)"
)
with open(sys.argv[1]) as file:
    for line in file:
        if not line.startswith("{"):
            continue
        span = json.loads(line)
        database.execute(
            "INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, julianday(?), julianday(?))",
            (
                span["context"]["trace_id"], span["context"]["span_id"], span["parent_id"],
                span["resource"]["attributes"]["service.name"],
                span["attributes"].get("tenant"), len(span["events"]),
                span["start_time"], span["end_time"],
            ),
        )
database.executescript("""
CREATE INDEX below ON spans (parent);
CREATE VIEW roots AS SELECT trace, tenant FROM spans WHERE parent IS NULL;
CREATE VIEW judged AS SELECT trace, service, raised,
    86400 * (end - begin - (SELECT coalesce(sum(end - begin), 0) FROM spans c WHERE c.parent = s.id)) AS own,
    (SELECT count(*) FROM spans c WHERE c.parent = s.id) AS calls
    FROM spans s;
CREATE VIEW troubles AS
    SELECT trace, service, 'errors' AS kind FROM judged WHERE raised > 0
    UNION SELECT trace, service, 'slow' FROM judged WHERE own > 0.25
    UNION SELECT trace, service, 'repeats' FROM judged WHERE calls > 11;
""")
[found] = database.execute("""
SELECT service, tenant, kind FROM troubles JOIN roots USING (trace)
GROUP BY service, tenant, kind
ORDER BY 1.0 * count(*) / (SELECT count(*) FROM roots r WHERE r.tenant = roots.tenant) DESC LIMIT 1
""")
print(*found)
