/** Where does drizzle-kit find the tables, and where does it write their migrations? */
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./drizzle/schema",
  out: "./drizzle/migrations",
});
