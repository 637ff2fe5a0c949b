// What of NinjaTrader 8 does the bridge use? Its names and shapes alone: so the bridge runs without it.
using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;

namespace NinjaTrader.Cbi
{
    public enum AccountItem { CashValue, InitialMargin, NetLiquidation, RealizedProfitLoss, UnrealizedProfitLoss,
        TrailingMaxDrawdown }
    public enum ConnectionStatus { Connected, Connecting, ConnectionLost, Disconnected, Disconnecting }
    public enum Currency { UsDollar }
    public enum ErrorCode { NoError, Panic }
    public enum LogLevel { Information, Warning, Error, Alert }
    public enum MarketPosition { Flat, Long, Short }
    public enum OrderAction { Buy, BuyToCover, Sell, SellShort }
    public enum OrderState { Initialized, Submitted, Accepted, Working, PartFilled, ChangePending, CancelPending,
        Filled, Cancelled, Rejected, Unknown }
    public enum OrderType { Limit, Market, MIT, StopLimit, StopMarket }
    public enum PerformanceUnit { Currency, Points, Ticks }

    public class Instrument
    {
        public static readonly List<Instrument> Listed = new List<Instrument>();
        public string FullName { get; set; }
        public double PointValue { get; set; }
        public NinjaTrader.Data.MarketData MarketData { get; set; }
        public event EventHandler<NinjaTrader.Data.MarketDataEventArgs> MarketDataUpdate;

        public static Instrument GetInstrument(string name)
        {
            return Listed.Find(instrument => instrument.FullName == name);
        }

        public void Raise(NinjaTrader.Data.MarketDataEventArgs change)
        {
            if (MarketDataUpdate != null) MarketDataUpdate(this, change);
        }
    }

    public class Position
    {
        public Instrument Instrument { get; set; }
        public MarketPosition MarketPosition { get; set; }
        public int Quantity { get; set; }
        public double AveragePrice { get; set; }

        public double GetUnrealizedProfitLoss(PerformanceUnit unit, double price)
        {
            int side = MarketPosition == MarketPosition.Long ? 1 : -1;
            return price == double.MinValue ? 0 : (price - AveragePrice) * side * Quantity * Instrument.PointValue;
        }
    }

    public class Order
    {
        public long Id { get; set; }
        public string OrderId { get; set; }
        public Instrument Instrument { get; set; }
        public OrderAction OrderAction { get; set; }
        public OrderType OrderType { get; set; }
        public OrderState OrderState { get; set; }
        public int Quantity { get; set; }
        public int Filled { get; set; }
        public double LimitPrice { get; set; }
        public double StopPrice { get; set; }
        public string Oco { get; set; }
    }

    public class Execution
    {
        public string ExecutionId { get; set; }
        public string OrderId { get; set; }
        public Instrument Instrument { get; set; }
        public MarketPosition MarketPosition { get; set; }
        public int Quantity { get; set; }
        public double Price { get; set; }
        public DateTime Time { get; set; }
        public double Commission { get; set; }
        public int Position { get; set; }
    }

    public class PositionEventArgs : EventArgs { public Position Position { get; set; } }
    public class OrderEventArgs : EventArgs { public Order Order { get; set; } }
    public class ExecutionEventArgs : EventArgs { public Execution Execution { get; set; } }
    public class AccountItemEventArgs : EventArgs { public AccountItem AccountItem { get; set; } }

    public class Account
    {
        public static readonly Collection<Account> All = new Collection<Account>();
        public string Name { get; set; }
        public ConnectionStatus ConnectionStatus { get; set; }
        public readonly Collection<Position> Positions = new Collection<Position>();
        public readonly Collection<Order> Orders = new Collection<Order>();
        public readonly Collection<Execution> Executions = new Collection<Execution>();
        public Dictionary<AccountItem, double> Items = new Dictionary<AccountItem, double>();
        public event EventHandler<PositionEventArgs> PositionUpdate;
        public event EventHandler<OrderEventArgs> OrderUpdate;
        public event EventHandler<ExecutionEventArgs> ExecutionUpdate;
        public event EventHandler<AccountItemEventArgs> AccountItemUpdate;

        /// <summary>0 for what is not reported, as NinjaTrader does.</summary>
        public double Get(AccountItem item, Currency currency)
        {
            double value;
            return Items.TryGetValue(item, out value) ? value : 0;
        }

        public void Raise(object change)
        {
            var position = change as PositionEventArgs;
            var order = change as OrderEventArgs;
            var execution = change as ExecutionEventArgs;
            var item = change as AccountItemEventArgs;
            if (position != null && PositionUpdate != null) PositionUpdate(this, position);
            if (order != null && OrderUpdate != null) OrderUpdate(this, order);
            if (execution != null && ExecutionUpdate != null) ExecutionUpdate(this, execution);
            if (item != null && AccountItemUpdate != null) AccountItemUpdate(this, item);
        }

        /// <summary>How many handlers hang on this account: none may stay behind.</summary>
        public int HandlerCount
        {
            get
            {
                return Count(PositionUpdate) + Count(OrderUpdate) + Count(ExecutionUpdate) + Count(AccountItemUpdate);
            }
        }

        private static int Count(Delegate handlers)
        {
            return handlers == null ? 0 : handlers.GetInvocationList().Length;
        }
    }
}

namespace NinjaTrader.Core
{
    public class GeneralOptions
    {
        public TimeZoneInfo TimeZoneInfo { get; set; }
    }

    public static class Globals
    {
        public static string UserDataDir = "";
        public static readonly GeneralOptions GeneralOptions = new GeneralOptions { TimeZoneInfo = TimeZoneInfo.Utc };
    }
}

namespace NinjaTrader.Data
{
    using NinjaTrader.Cbi;

    public enum MarketDataType { Ask, Bid, Last, DailyHigh }
    public enum BarsPeriodType { Minute }

    public class MarketDataEventArgs : EventArgs
    {
        public Instrument Instrument { get; set; }
        public MarketDataType MarketDataType { get; set; }
        public bool IsReset { get; set; }
        public double Price { get; set; }
        public long Volume { get; set; }
        public DateTime Time { get; set; }
    }

    public class MarketData
    {
        public MarketDataEventArgs Last { get; set; }
    }

    public class BarsPeriod
    {
        public BarsPeriodType BarsPeriodType { get; set; }
        public int Value { get; set; }
    }

    /// <summary>Rows of {open, high, low, close, volume}, each stamped at its end.</summary>
    public class Bars
    {
        public readonly List<DateTime> Times = new List<DateTime>();
        public readonly List<double[]> Rows = new List<double[]>();
        public int Count { get { return Rows.Count; } }
        public DateTime GetTime(int at) { return Times[at]; }
        public double GetOpen(int at) { return Rows[at][0]; }
        public double GetHigh(int at) { return Rows[at][1]; }
        public double GetLow(int at) { return Rows[at][2]; }
        public double GetClose(int at) { return Rows[at][3]; }
        public long GetVolume(int at) { return (long)Rows[at][4]; }
    }

    public class BarsRequest : IDisposable
    {
        public static Func<Instrument, Bars> Answer = instrument => new Bars();
        private readonly Instrument instrument;

        public BarsRequest(Instrument instrument, int count)
        {
            this.instrument = instrument;
        }

        public Bars Bars { get; private set; }
        public BarsPeriod BarsPeriod { get; set; }

        public void Request(Action<BarsRequest, ErrorCode, string> answered)
        {
            Bars = Answer(instrument);
            answered(this, ErrorCode.NoError, "");
        }

        public void Dispose()
        {
            Bars = null;
        }
    }
}

namespace NinjaTrader.NinjaScript
{
    using NinjaTrader.Cbi;

    public enum State { SetDefaults, Configure, Active, Terminated }

    public abstract class AddOnBase
    {
        public string Name { get; set; }
        public string Description { get; set; }
        public State State { get; private set; }

        public static Action<string> OnLog = line => { };

        protected virtual void OnStateChange()
        {
        }

        protected static void Log(string message, LogLevel level)
        {
            OnLog(message);
        }

        /// <summary>What the platform does as it loads and closes.</summary>
        public void SetState(State state)
        {
            State = state;
            OnStateChange();
        }
    }
}
