// A shop in Express, with node-postgres and sessions in a signed cookie.
const express = require("express");
const session = require("cookie-session");
const { Pool } = require("pg");

const missing = ["DATABASE_URL", "SESSION_SECRET"].filter((name) => !process.env[name]);
if (missing.length) {
  console.error(`missing configuration: ${missing.join(", ")}`);
  process.exit(1);
}
const pool = new Pool({
  connectionString: process.env.DATABASE_URL, max: 5, connectionTimeoutMillis: 10000, query_timeout: 3000,
});
pool.on("error", (error) => console.error("database:", error.message));
const table = "SELECT pg_advisory_lock(7); CREATE TABLE IF NOT EXISTS orders (id serial, item text); SELECT pg_advisory_unlock(7)";
let made = null; // one for all requests that come while it is being made
async function query(text, values) {
  made ??= pool.query(table);
  try {
    await made;
  } catch (error) {
    made = null;
    throw error;
  }
  return pool.query(text, values);
}
const wrap = (work) => (req, res) =>
  work(req, res).catch((error) => res.status(503).json({ error: error.message }));

const app = express();
app.use((req, res, next) => {
  res.on("finish", () => console.log(JSON.stringify({ method: req.method, url: req.originalUrl, status: res.statusCode })));
  next();
});
app.use(express.json());
app.use(session({ name: "connect.sid", secret: process.env.SESSION_SECRET }));
app.get("/healthz", (req, res) => res.send("alive"));
app.get("/readyz", wrap(async (req, res) => { await query("SELECT 1"); res.send("ready"); }));
app.get("/orders", wrap(async (req, res) => res.json((await query("SELECT item FROM orders")).rows)));
app.post("/orders", wrap(async (req, res) => {
  await query("INSERT INTO orders (item) VALUES ($1)", [req.body.item]);
  res.status(201).json({ item: req.body.item });
}));
app.post("/login", (req, res) => { req.session.user = req.body.user; res.json({}); });
app.get("/me", (req, res) => (req.session.user ? res.json({ user: req.session.user }) : res.sendStatus(401)));

const server = app.listen(process.env.PORT || 3000);
process.on("SIGTERM", () => server.close(() => process.exit(0)));
