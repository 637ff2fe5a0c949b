/** Are the tables of this database ours, of this version, and may we use them? Brings an older one up to date. */
import path from "node:path";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import type { PoolClient } from "pg";
import { DatabaseRefusedError } from "./database-fault.ts";

const MIGRATIONS = path.resolve(import.meta.dirname, "../../drizzle/migrations");
/** Any number that no other program locks: two starts at once migrate one after the other. */
const LOCK = 7_266_411;
const TABLES = ["runs", "contracts", "bar_series", "bars", "feed_gaps", "handler_cursors", "refused_facts"];

/**
 * Runs the migrations that the database lacks. Throws DatabaseRefusedError where it was made by another version or our
 * user may not write, and pg's errors.
 */
export async function migrateDatabase(client: PoolClient): Promise<void> {
  if ((await missingMigrations(client)) > 0) await migrateAlone(client);
  await checkRights(client);
}

/** NOTE: the lock is taken only to migrate: a connection that is lost with it keeps it until the server notices. */
async function migrateAlone(client: PoolClient): Promise<void> {
  await checkMayCreate(client);
  await client.query("select pg_advisory_lock($1)", [LOCK]);
  try {
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS });
  } finally {
    await client.query("select pg_advisory_unlock($1)", [LOCK]);
  }
}

/** How many of ours are not in the database yet; refuses one that holds others than ours. */
async function missingMigrations(client: PoolClient): Promise<number> {
  const ours = readMigrationFiles({ migrationsFolder: MIGRATIONS });
  const newestMs = Math.max(...ours.map(({ folderMillis }) => folderMillis));
  const found = await client.query("select to_regclass('drizzle.__drizzle_migrations') as name");
  if (found.rows[0]?.name === null) return ours.length;
  const applied = await client.query("select hash, created_at from drizzle.__drizzle_migrations order by created_at");
  const known = new Set(ours.map(({ hash }) => hash));
  for (const { hash, created_at: createdMs } of applied.rows) {
    if (known.has(hash)) continue;
    const isNewer = Number(createdMs) > newestMs;
    throw new DatabaseRefusedError(
      isNewer
        ? "it was made by a newer version of Rightseat; update this one, or let DATABASE_URL name another database"
        : "its tables were made by something else than this Rightseat; let DATABASE_URL name another database",
    );
  }
  return ours.length - applied.rows.length;
}

async function checkMayCreate(client: PoolClient): Promise<void> {
  const { rows } = await client.query(
    `select current_user as name, current_database() as database,
       has_database_privilege(current_database(), 'CREATE') and has_schema_privilege('public', 'CREATE') as may`,
  );
  if (rows[0]?.may === true) return;
  throw new DatabaseRefusedError(
    `user "${rows[0]?.name}" may not make tables in database "${rows[0]?.database}"; grant CREATE on it and on public`,
  );
}

async function checkRights(client: PoolClient): Promise<void> {
  const { rows } = await client.query(
    `select current_user as name, string_agg(t, ', ' order by t) as tables from unnest($1::text[]) t
       where not has_table_privilege('public.' || t, 'SELECT') or not has_table_privilege('public.' || t, 'INSERT')
          or not has_table_privilege('public.' || t, 'UPDATE')`,
    [TABLES],
  );
  if (rows[0]?.tables == null) return;
  throw new DatabaseRefusedError(`user "${rows[0].name}" may not read and write ${rows[0].tables}; grant it`);
}
