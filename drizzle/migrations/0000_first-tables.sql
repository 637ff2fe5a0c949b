CREATE TABLE "bars" (
	"run_id" text NOT NULL,
	"contract" text NOT NULL,
	"interval" text NOT NULL,
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
	"seq" bigint NOT NULL,
	CONSTRAINT "bars_run_id_contract_interval_open_ms_pk" PRIMARY KEY("run_id","contract","interval","open_ms")
);
--> statement-breakpoint
CREATE TABLE "contracts" (
	"run_id" text NOT NULL,
	"contract" text NOT NULL,
	"number" integer NOT NULL,
	"root" text NOT NULL,
	"year" integer NOT NULL,
	"month" integer NOT NULL,
	"tick_size" double precision NOT NULL,
	CONSTRAINT "contracts_run_id_contract_pk" PRIMARY KEY("run_id","contract")
);
--> statement-breakpoint
CREATE TABLE "feed_gaps" (
	"run_id" text NOT NULL,
	"contract" text NOT NULL,
	"from_ms" bigint NOT NULL,
	"to_ms" bigint,
	"reason" text NOT NULL,
	"filled_seq" bigint,
	"seq" bigint NOT NULL,
	CONSTRAINT "feed_gaps_run_id_contract_from_ms_pk" PRIMARY KEY("run_id","contract","from_ms")
);
--> statement-breakpoint
CREATE TABLE "handler_cursors" (
	"handler" text NOT NULL,
	"run_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"ordinal" bigint NOT NULL,
	"is_finished" boolean DEFAULT false NOT NULL,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "handler_cursors_handler_run_id_pk" PRIMARY KEY("handler","run_id")
);
--> statement-breakpoint
CREATE TABLE "refused_facts" (
	"handler" text NOT NULL,
	"run_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"ordinal" bigint NOT NULL,
	"type" text NOT NULL,
	"reason" text NOT NULL,
	"fact" text NOT NULL,
	"refused_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "refused_facts_handler_run_id_seq_ordinal_pk" PRIMARY KEY("handler","run_id","seq","ordinal")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"run_id" text PRIMARY KEY NOT NULL,
	"mode" text NOT NULL,
	"feed" text NOT NULL,
	"seed" bigint,
	"created_ms" bigint NOT NULL
);
