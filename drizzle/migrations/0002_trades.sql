CREATE TABLE "fills" (
	"account" text NOT NULL,
	"source" text NOT NULL,
	"execution_id" text NOT NULL,
	"root" text NOT NULL,
	"year" integer NOT NULL,
	"month" integer NOT NULL,
	"side" text NOT NULL,
	"contracts" integer NOT NULL,
	"price_ticks" double precision NOT NULL,
	"tick_size" double precision NOT NULL,
	"at_ms" double precision NOT NULL,
	"trade_date" date NOT NULL,
	"order_id" text,
	"fee_usd" numeric(18, 4),
	"import_id" text,
	"revision" bigint NOT NULL,
	"told_ms" double precision NOT NULL,
	"seq" bigint NOT NULL,
	CONSTRAINT "fills_account_source_execution_id_pk" PRIMARY KEY("account","source","execution_id")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"import_id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"file_name" text NOT NULL,
	"zone" text NOT NULL,
	"time_step_ms" double precision NOT NULL,
	"revision" bigint NOT NULL,
	"stop_ticks" double precision,
	"target_ticks" double precision,
	"told_ms" double precision NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trade_notes" (
	"trip_key" text PRIMARY KEY NOT NULL,
	"tags" text NOT NULL,
	"setup" text NOT NULL,
	"notes" text NOT NULL,
	"told_ms" double precision NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "withdrawals" (
	"import_id" text PRIMARY KEY NOT NULL,
	"told_ms" double precision NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "fills_import" ON "fills" USING btree ("import_id");