// PostgreSQL and PostGraphile on the tables of one directory: `node peer.mjs DIRECTORY [WORKERS]`. Makes a cluster in it,
// fills it, serves until its own input ends, and says where: `listening on http://…`.
//
// PostgreSQL's programs (initdb, pg_ctl, psql) are taken from the path. They refuse to run as root; then they run as the
// user `postgres`.

import { execFileSync } from "node:child_process";
import cluster from "node:cluster";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const [directory, workers = "2"] = process.argv.slice(2);
const data = `${directory}/cluster`;
const connection = `postgresql:///street?host=${encodeURIComponent(directory)}&user=postgres`;

// As on a machine of its own, with memory for all of it; durable as it comes.
const settings = [
  `unix_socket_directories=${directory}`, "listen_addresses=", "shared_buffers=1GB", "effective_cache_size=4GB",
  "work_mem=32MB", "random_page_cost=1.1", "jit=off", "max_wal_size=4GB", "max_connections=100",
].map((it) => `-c ${it}`).join(" ");

function owner() {
  if (process.getuid() !== 0) return {};
  const entry = readFileSync("/etc/passwd", "utf8").split("\n").find((it) => it.startsWith("postgres:")).split(":");
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

function run(program, ...args) {
  const environment = { PATH: process.env.PATH, LC_ALL: "C.UTF-8" };
  const stdio = ["ignore", "ignore", "inherit"];
  execFileSync(program, args, { cwd: directory, env: environment, stdio, ...owner() });
}

async function serve() {
  const { postgraphile } = await import("postgraphile");
  const { PostGraphileAmberPreset } = await import("postgraphile/presets/amber");
  const { makePgService } = await import("postgraphile/adaptors/pg");
  const { grafserv } = await import("postgraphile/grafserv/node");
  const pool = { max: 16 };
  const preset = {
    extends: [PostGraphileAmberPreset],
    pgServices: [makePgService({ connectionString: connection, schemas: ["public"], poolConfig: pool })],
    grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
    grafast: { explain: false },
  };
  const server = createServer();
  server.keepAliveTimeout = 60_000;
  await postgraphile(preset).createServ(grafserv).addTo(server);
  server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
}

function main() {
  run("initdb", "--pgdata", data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8");
  run("pg_ctl", "start", "--wait", "--pgdata", data, "--log", `${directory}/log`, "--options", settings);
  process.once("exit", () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill("SIGKILL");
    run("pg_ctl", "stop", "--pgdata", data, "--mode=immediate");
  });
  const tables = fileURLToPath(new URL("tables.sql", import.meta.url));
  run("psql", "--quiet", "--host", directory, "--username", "postgres", "--command", "create database street");
  run("psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--host", directory, "--username", "postgres", "--dbname", "street",
    "--file", tables);
  process.env.NODE_ENV = "production";
  let ready = 0;
  for (let number = 0; number < Number(workers); number += 1) {
    cluster.fork().on("message", ({ port }) => {
      ready += 1;
      if (ready === Number(workers)) console.log(`listening on http://127.0.0.1:${port}`);
    });
  }
  process.stdin.resume().on("end", () => process.exit(0));
}

if (cluster.isPrimary) main();
else await serve();
