CREATE TABLE "bar_series" (
	"series" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "bar_series_series_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"run_id" text NOT NULL,
	"contract" text NOT NULL,
	"interval" text NOT NULL,
	CONSTRAINT "bar_series_run_id_contract_interval_unique" UNIQUE("run_id","contract","interval")
);
--> statement-breakpoint
INSERT INTO "bar_series" ("run_id", "contract", "interval") SELECT DISTINCT "run_id", "contract", "interval" FROM "bars";
--> statement-breakpoint
ALTER TABLE "bars" RENAME TO "bars_by_name";
--> statement-breakpoint
CREATE TABLE "bars" (
	"series" integer NOT NULL,
	"open_ms" bigint NOT NULL,
	"open_ticks" integer NOT NULL,
	"high_ticks" integer NOT NULL,
	"low_ticks" integer NOT NULL,
	"close_ticks" integer NOT NULL,
	"volume" bigint NOT NULL,
	"buy_volume" bigint NOT NULL,
	"sell_volume" bigint NOT NULL,
	"trades" bigint NOT NULL,
	"vwap_ticks" double precision,
	"delta_source" smallint NOT NULL,
	"made_of" smallint NOT NULL,
	"revision" integer NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
INSERT INTO "bars" SELECT "series", "open_ms", "open_ticks", "high_ticks", "low_ticks", "close_ticks", "volume", "buy_volume", "sell_volume", "trades", "vwap_ticks", "delta_source", "made_of", "revision", "seq" FROM "bars_by_name" JOIN "bar_series" USING ("run_id", "contract", "interval");
--> statement-breakpoint
ALTER TABLE "bars" ADD CONSTRAINT "bars_series_open_ms_pk" PRIMARY KEY("series","open_ms");
--> statement-breakpoint
DROP TABLE "bars_by_name";
