// What is said of an account? One JSON text a report, from what NinjaTrader holds at this moment.
using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using NinjaTrader.Cbi;

namespace NinjaTrader.NinjaScript.AddOns
{
    /// <summary>Who speaks and when: an id that no other report has, and a time that only grows.</summary>
    internal static class RightseatStamp
    {
        private static readonly DateTime Epoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        private static readonly string Session = Guid.NewGuid().ToString("N").Substring(0, 8);
        private static readonly object Gate = new object();
        private static long count;
        private static long newestMs;

        public static string NextId()
        {
            return Session + "-" + Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture);
        }

        /// <summary>Milliseconds since 1970, UTC; one more than before where the clock stood or went back.</summary>
        public static long NextMs()
        {
            lock (Gate)
            {
                newestMs = Math.Max(newestMs + 1, (long)(DateTime.UtcNow - Epoch).TotalMilliseconds);
                return newestMs;
            }
        }

        /// <summary>
        /// NinjaTrader's times are in the zone of its options, without saying so. An hour that summer time skips counts
        /// as the next; of one that comes twice, standard time.
        /// </summary>
        public static long UtcMs(DateTime time)
        {
            if (time.Kind == DateTimeKind.Utc) return (long)(time - Epoch).TotalMilliseconds;
            TimeZoneInfo zone = NinjaTrader.Core.Globals.GeneralOptions.TimeZoneInfo;
            DateTime local = DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
            if (zone.IsInvalidTime(local)) local = local.AddHours(1);
            return (long)(TimeZoneInfo.ConvertTimeToUtc(local, zone) - Epoch).TotalMilliseconds;
        }
    }

    /// <summary>
    /// Lists are copied under the platform's own lock and read outside of it. What cannot be read throws: a report that
    /// leaves a row out would call an open position flat.
    /// </summary>
    internal static class RightseatReports
    {
        public static string Positions(Account account)
        {
            Position[] rows;
            lock (account.Positions) rows = account.Positions.ToArray();
            RightseatJson json = Head(account);
            json.Text("timestamp", DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            json.Name("positions").Open('[');
            foreach (Position row in rows.Where(row => row.MarketPosition != MarketPosition.Flat && row.Quantity != 0))
            {
                double? mark = MarkOf(row.Instrument);
                json.Open('{').Text("symbol", row.Instrument.FullName);
                json.Text("instrument", row.Instrument.FullName);
                json.Text("side", row.MarketPosition == MarketPosition.Long ? "Long" : "Short");
                json.Whole("quantity", Math.Abs(row.Quantity)).Number("avgPrice", row.AveragePrice);
                json.Number("markPrice", mark);
                double open = row.GetUnrealizedProfitLoss(PerformanceUnit.Currency, mark ?? double.MinValue);
                json.Number("unrealizedPnL", open).Close('}');
            }
            return json.Close(']').Close('}').ToString();
        }

        /// <summary>Orders that may still trade; those in an unknown state may.</summary>
        public static string Orders(Account account)
        {
            Order[] rows;
            lock (account.Orders) rows = account.Orders.ToArray();
            RightseatJson json = Head(account).Name("orders").Open('[');
            foreach (Order row in rows.Where(row => !IsOver(row.OrderState)))
            {
                string id = string.IsNullOrEmpty(row.OrderId) ? "id " + row.Id : row.OrderId;
                json.Open('{').Text("orderId", id).Text("instrument", row.Instrument.FullName);
                json.Text("action", row.OrderAction.ToString()).Text("type", row.OrderType.ToString());
                json.Whole("quantity", row.Quantity).Whole("filled", row.Filled);
                json.Number("limitPrice", row.LimitPrice).Number("stopPrice", row.StopPrice);
                json.Text("state", row.OrderState.ToString());
                json.Text("oco", string.IsNullOrEmpty(row.Oco) ? null : row.Oco).Close('}');
            }
            return json.Close(']').Close('}').ToString();
        }

        public static string Executions(Account account, Execution[] rows)
        {
            RightseatJson json = Head(account).Name("executions").Open('[');
            foreach (Execution row in rows)
            {
                json.Open('{').Text("executionId", row.ExecutionId).Text("orderId", NullIfEmpty(row.OrderId));
                json.Text("instrument", row.Instrument.FullName);
                json.Text("side", row.MarketPosition == MarketPosition.Long ? "Buy" : "Sell");
                json.Whole("quantity", row.Quantity).Number("price", row.Price);
                json.Whole("timeMs", RightseatStamp.UtcMs(row.Time)).Number("commissionUsd", row.Commission);
                json.Whole("position", row.Position).Close('}');
            }
            return json.Close(']').Close('}').ToString();
        }

        public static string Values(Account account)
        {
            RightseatJson json = Head(account);
            json.Number("cashUsd", account.Get(AccountItem.CashValue, Currency.UsDollar));
            json.Number("realizedPnlUsd", account.Get(AccountItem.RealizedProfitLoss, Currency.UsDollar));
            json.Number("unrealizedPnlUsd", account.Get(AccountItem.UnrealizedProfitLoss, Currency.UsDollar));
            json.Number("marginUsd", account.Get(AccountItem.InitialMargin, Currency.UsDollar));
            json.Number("netLiquidationUsd", ByName(account, "NetLiquidation"));
            json.Number("trailingDrawdownLeftUsd", ByName(account, "TrailingMaxDrawdown"));
            json.Number("dailyLossLimitUsd", ByName(account, "DailyLossLimit"));
            return json.Close('}').ToString();
        }

        public static string Heartbeat(Account account)
        {
            RightseatJson json = Head(account).Text("connection", account.ConnectionStatus.ToString());
            json.Text("platformVersion", typeof(Account).Assembly.GetName().Version.ToString());
            return json.Text("bridgeVersion", RightseatBridge.Version).Close('}').ToString();
        }

        private static RightseatJson Head(Account account)
        {
            var json = new RightseatJson().Open('{').Text("account", account.Name);
            return json.Text("reportId", RightseatStamp.NextId()).Whole("sentMs", RightseatStamp.NextMs());
        }

        /// <summary>The last price of this very instrument; null where NinjaTrader has none.</summary>
        private static double? MarkOf(Instrument instrument)
        {
            if (instrument.MarketData == null || instrument.MarketData.Last == null) return null;
            return instrument.MarketData.Last.Price;
        }

        private static bool IsOver(OrderState state)
        {
            return state == OrderState.Cancelled || state == OrderState.Filled || state == OrderState.Rejected
                || state == OrderState.Initialized;
        }

        /// <summary>An item that not every version of NinjaTrader has; null where this one has not.</summary>
        private static double? ByName(Account account, string name)
        {
            AccountItem item;
            if (!Enum.TryParse(name, out item)) return null;
            return account.Get(item, Currency.UsDollar);
        }

        private static string NullIfEmpty(string value)
        {
            return string.IsNullOrEmpty(value) ? null : value;
        }
    }
}
