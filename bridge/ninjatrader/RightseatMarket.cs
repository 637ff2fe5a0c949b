// Which prices are handed on, for FEED=ninjatrader? Those of the contracts named, in order; none by default.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using NinjaTrader.Cbi;
using NinjaTrader.Data;

namespace NinjaTrader.NinjaScript.AddOns
{
    /// <summary>Ticks wait in a bounded queue (the oldest go, counted) for a thread that posts them.</summary>
    internal sealed class RightseatMarket
    {
        private sealed class Tick
        {
            public long Number;
            public string Instrument;
            public string Kind;
            public double Price;
            public long Size;
            public DateTime Time;
        }

        private const int QueueMax = 20000;
        private const int BatchTicksMax = 400;
        private const int BatchBarsMax = 300;
        private const int RecentBars = 1500;
        private const int EveryMs = 50;
        private const int LookEveryMs = 1000;
        private const int StopMs = 500;

        private readonly RightseatSettingsFile file;
        private readonly Action<string> say;
        private readonly RightseatSender sender;
        private readonly object gate = new object();
        private readonly Queue<Tick> ticks = new Queue<Tick>();
        private readonly Queue<RightseatJson> bars = new Queue<RightseatJson>();
        private readonly Dictionary<string, Instrument> followed = new Dictionary<string, Instrument>();
        private readonly HashSet<string> unknown = new HashSet<string>();
        private readonly List<BarsRequest> answeredRequests = new List<BarsRequest>();
        private long number;
        private long dropped;
        private bool wasAway;
        private string batch;
        private volatile bool isStopping;
        private Thread thread;

        public RightseatMarket(RightseatSettingsFile file, Action<string> say)
        {
            this.file = file;
            this.say = say;
            sender = new RightseatSender(say);
        }

        public void Start()
        {
            thread = new Thread(Run) { IsBackground = true, Name = "Rightseat market" };
            thread.Start();
        }

        public void Stop()
        {
            isStopping = true;
            sender.Abort();
            if (thread != null && thread != Thread.CurrentThread) thread.Join(StopMs);
        }

        private void Run()
        {
            DateTime lookDueAt = DateTime.MinValue;
            RightseatSettings settings = null;
            while (!isStopping)
            {
                try
                {
                    if (DateTime.UtcNow >= lookDueAt)
                    {
                        settings = file.Current();
                        bool isOn = settings.Fault == null && settings.MarketFault == null;
                        Follow(isOn ? settings.Market : new string[0]);
                        lookDueAt = DateTime.UtcNow.AddMilliseconds(LookEveryMs);
                    }
                    if (settings.Fault == null && DateTime.UtcNow >= sender.RetryAt) PostWaiting(settings);
                }
                catch (Exception error)
                {
                    if (unknown.Add(error.Message)) say("market: " + error.Message);
                }
                Thread.Sleep(followed.Count > 0 ? EveryMs : LookEveryMs / 4);
            }
            Follow(new string[0]);
        }

        private void Follow(string[] names)
        {
            foreach (string name in followed.Keys.Where(name => !names.Contains(name)).ToArray())
            {
                followed[name].MarketDataUpdate -= OnMarketData;
                followed.Remove(name);
            }
            foreach (string name in names.Where(name => !followed.ContainsKey(name)))
            {
                Instrument instrument = Instrument.GetInstrument(name);
                if (instrument == null && unknown.Add(name)) say("market: NinjaTrader knows no instrument " + name);
                if (instrument == null) continue;
                followed[name] = instrument;
                instrument.MarketDataUpdate += OnMarketData;
                RequestBars(instrument);
            }
            lock (gate)
            {
                foreach (BarsRequest request in answeredRequests) request.Dispose();
                answeredRequests.Clear();
            }
        }

        private void OnMarketData(object source, MarketDataEventArgs change)
        {
            if (change == null || change.IsReset || change.Instrument == null) return;
            string kind = KindOf(change.MarketDataType);
            if (kind == null) return;
            lock (gate)
            {
                if (ticks.Count >= QueueMax)
                {
                    ticks.Dequeue();
                    dropped++;
                }
                number++;
                ticks.Enqueue(new Tick
                {
                    Number = number,
                    Instrument = change.Instrument.FullName,
                    Kind = kind,
                    Price = change.Price,
                    Size = change.Volume,
                    Time = change.Time
                });
            }
        }

        private static string KindOf(MarketDataType type)
        {
            if (type == MarketDataType.Last) return "last";
            if (type == MarketDataType.Bid) return "bid";
            return type == MarketDataType.Ask ? "ask" : null;
        }

        /// <summary>The newest minutes, so that charts begin whole; again when Rightseat was away.</summary>
        private void RequestBars(Instrument instrument)
        {
            var request = new BarsRequest(instrument, RecentBars);
            request.BarsPeriod = new BarsPeriod { BarsPeriodType = BarsPeriodType.Minute, Value = 1 };
            request.Request((answer, error, words) =>
            {
                try
                {
                    if (error != ErrorCode.NoError) say("market: no bars of " + instrument.FullName + ": " + words);
                    else lock (gate) TakeBars(instrument.FullName, answer.Bars);
                }
                catch (Exception fault)
                {
                    say("market: the bars of " + instrument.FullName + " could not be read: " + fault.Message);
                }
                lock (gate) answeredRequests.Add(request);
            });
        }

        /// <summary>The last row is still forming: its trades come as ticks.</summary>
        private void TakeBars(string name, Bars rows)
        {
            for (int at = 0; at < rows.Count - 1; at++)
            {
                RightseatJson json = new RightseatJson().Open('{').Text("instrument", name);
                json.Whole("endMs", RightseatStamp.UtcMs(rows.GetTime(at)));
                json.Number("open", rows.GetOpen(at)).Number("high", rows.GetHigh(at)).Number("low", rows.GetLow(at));
                bars.Enqueue(json.Number("close", rows.GetClose(at)).Whole("volume", rows.GetVolume(at)).Close('}'));
            }
        }

        private void PostWaiting(RightseatSettings settings)
        {
            while (!isStopping && (batch != null || TakeBatch()))
            {
                RightseatAnswer answer = sender.Post(settings, "/bridge/market", batch);
                if (answer == RightseatAnswer.Later)
                {
                    wasAway = true;
                    return;
                }
                batch = null;
                if (wasAway) foreach (Instrument instrument in followed.Values) RequestBars(instrument);
                wasAway = false;
            }
        }

        /// <summary>Writes what waits into one batch; false: nothing does.</summary>
        private bool TakeBatch()
        {
            Tick[] newTicks;
            RightseatJson[] newBars;
            long lost;
            lock (gate)
            {
                newTicks = Take(ticks, BatchTicksMax);
                newBars = Take(bars, newTicks.Length > 0 ? 0 : BatchBarsMax);
                lost = dropped;
                dropped = 0;
            }
            if (newTicks.Length + newBars.Length == 0) return false;
            RightseatJson json = new RightseatJson().Open('{').Text("reportId", RightseatStamp.NextId());
            json.Whole("sentMs", RightseatStamp.NextMs()).Whole("dropped", lost).Name("ticks").Open('[');
            foreach (Tick tick in newTicks)
                json.Open('{').Whole("number", tick.Number).Text("instrument", tick.Instrument).Text("kind", tick.Kind)
                    .Number("price", tick.Price).Whole("size", tick.Size)
                    .Whole("timeMs", RightseatStamp.UtcMs(tick.Time)).Close('}');
            json.Close(']').Name("bars").Open('[');
            foreach (RightseatJson bar in newBars) json.Raw(bar.ToString());
            batch = json.Close(']').Close('}').ToString();
            return true;
        }

        private static Row[] Take<Row>(Queue<Row> queue, int most)
        {
            return Enumerable.Range(0, Math.Min(queue.Count, most)).Select(_ => queue.Dequeue()).ToArray();
        }
    }
}
