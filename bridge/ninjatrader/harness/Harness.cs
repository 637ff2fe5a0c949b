// Does the bridge do what it says, with a platform that is a stub? Plays one scenario against a server that is told how
// to behave, and prints what the platform would have felt: log lines, exceptions, how long its handlers took.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Threading;
using NinjaTrader.Cbi;
using NinjaTrader.Data;
using NinjaTrader.NinjaScript;
using NinjaTrader.NinjaScript.AddOns;

/// <summary>harness.exe SCENARIO URL FOLDER</summary>
internal static class Harness
{
    private static readonly DateTime FillTime = new DateTime(2026, 1, 5, 20, 30, 0);
    private static readonly Instrument Mes = new Instrument { FullName = "MES 12-34", PointValue = 5 };
    private static readonly Instrument Gold = new Instrument { FullName = "GC DEC34", PointValue = 100 };
    private static string url;
    private static string folder;
    private static double slowestMs;

    private static int Main(string[] words)
    {
        url = words[1];
        folder = words[2];
        // A comma for decimals and a platform zone of its own: neither may be seen in what is posted.
        CultureInfo.DefaultThreadCurrentCulture = new CultureInfo("de-DE");
        Thread.CurrentThread.CurrentCulture = new CultureInfo("de-DE");
        NinjaTrader.Core.Globals.UserDataDir = folder;
        NinjaTrader.Core.Globals.GeneralOptions.TimeZoneInfo =
            TimeZoneInfo.CreateCustomTimeZone("platform", new TimeSpan(5, 30, 0), "platform", "platform");
        AddOnBase.OnLog = line => Console.WriteLine("LOG " + line);
        Instrument.Listed.AddRange(new[] { Mes, Gold });
        SetMark(Mes, 6013);
        SetMark(Gold, 4099.9);
        var bridge = new RightseatBridge();
        bridge.SetState(State.SetDefaults);
        Play(words[0], bridge);
        bridge.SetState(State.Terminated);
        Thread.Sleep(700);
        int handlers = 0;
        foreach (Account account in Account.All) handlers += account.HandlerCount;
        Console.WriteLine("HANDLERS LEFT " + handlers);
        Console.WriteLine("SLOWEST MS " + slowestMs.ToString("0", CultureInfo.InvariantCulture));
        return 0;
    }

    private static void Play(string scenario, RightseatBridge bridge)
    {
        if (scenario == "day") Day(bridge);
        else if (scenario == "pressure") Pressure(bridge);
        else if (scenario == "key") WrongKey(bridge);
        else if (scenario == "market") Market(bridge);
        else if (scenario == "settings") Settings(bridge);
        else throw new ArgumentException(scenario);
    }

    /// <summary>A session: positions, a partial exit, an outage with a fill in it, flat.</summary>
    private static void Day(RightseatBridge bridge)
    {
        WriteSettings("Sim101, Ev\"al\\\u00fc", "");
        Account account = AddAccount("Sim101");
        AddAccount("Ev\"al\\\u00fc");
        AddAccount("Other");
        Fill(account, "x1", MarketPosition.Long, 2, 6012.25, 1.24, 2);
        Fill(account, "x2", MarketPosition.Long, 1, 6012.5, 0, 3);
        Position mes = Open(account, Mes, MarketPosition.Long, 3, 6012.333333333333);
        Open(account, Gold, MarketPosition.Short, 1, 4100.1);
        AddOrder(account, OrderState.Accepted, "stop-1");
        AddOrder(account, OrderState.Filled, "done-1");
        SetItems(account, 50000.5, 1750.25);
        bridge.SetState(State.Configure);
        bridge.SetState(State.Active);
        Thread.Sleep(1600);
        Execution exit = Fill(account, "x3", MarketPosition.Short, 1, 6013.25, 0.62, 2);
        mes.Quantity = 2;
        Raise(account, new ExecutionEventArgs { Execution = exit });
        Raise(account, new PositionEventArgs { Position = mes });
        Thread.Sleep(1600);
        Tell("503");
        exit = Fill(account, "x4", MarketPosition.Short, 2, 6010, 1.24, 0);
        lock (account.Positions) account.Positions.Remove(mes);
        account.Orders[0].OrderState = OrderState.Cancelled;
        SetItems(account, 49990.5, 0);
        Raise(account, new ExecutionEventArgs { Execution = exit });
        Raise(account, new PositionEventArgs { Position = mes });
        Thread.Sleep(1900);
        Tell("ok");
        Thread.Sleep(4000);
        account.ConnectionStatus = ConnectionStatus.ConnectionLost;
        Thread.Sleep(1600);
    }

    /// <summary>A server that hangs under thousands of executions, one that it refuses, a row that breaks.</summary>
    private static void Pressure(RightseatBridge bridge)
    {
        WriteSettings("*", "");
        Account account = AddAccount("Sim101");
        Tell("hang");
        bridge.SetState(State.Active);
        Thread.Sleep(800);
        for (int index = 0; index < 5000; index++)
        {
            string id = (index == 4321 ? "bad-" : "p") + index.ToString(CultureInfo.InvariantCulture);
            Execution fill = Fill(account, id, MarketPosition.Long, 1, 6000, 0, index + 1);
            Raise(account, new ExecutionEventArgs { Execution = fill });
            Raise(account, new AccountItemEventArgs { AccountItem = AccountItem.UnrealizedProfitLoss });
        }
        Raise(account, new ExecutionEventArgs());
        Tell("ok");
        Thread.Sleep(9000);
        Console.WriteLine("BREAK");
        Tell("mark");
        Position broken = Open(account, null, MarketPosition.Long, 1, 1);
        Raise(account, new PositionEventArgs { Position = broken });
        Thread.Sleep(2500);
    }

    /// <summary>A wrong key, then the right one in the file.</summary>
    private static void WrongKey(RightseatBridge bridge)
    {
        WriteSettings("Sim101", "");
        AddAccount("Sim101");
        Tell("key");
        bridge.SetState(State.Active);
        Thread.Sleep(4000);
        File.AppendAllText(Path.Combine(folder, RightseatSettings.FileName), "\nkey = right-key\n");
        Thread.Sleep(2500);
    }

    private static void Market(RightseatBridge bridge)
    {
        WriteSettings("", "MES 12-34, XX 12-34");
        var bars = new Bars();
        for (int minute = 0; minute < 3; minute++)
        {
            bars.Times.Add(FillTime.AddMinutes(minute));
            bars.Rows.Add(new[] { 6000, 6001.25 + minute, 5999.75, 6000.5, 100 + minute });
        }
        BarsRequest.Answer = instrument => bars;
        bridge.SetState(State.Active);
        Thread.Sleep(1600);
        for (int tick = 0; tick < 1000; tick++)
        {
            var types = new[] { MarketDataType.Last, MarketDataType.Bid, MarketDataType.Ask };
            MarketDataEventArgs change = TickOf(Mes, types[tick % 3], 6000.25 + tick % 4 * 0.25);
            Watch(() => Mes.Raise(change));
        }
        Watch(() => Mes.Raise(TickOf(Mes, MarketDataType.DailyHigh, 7000)));
        Watch(() => Mes.Raise(null));
        Thread.Sleep(1500);
    }

    /// <summary>What each kind of file makes of it.</summary>
    private static void Settings(RightseatBridge bridge)
    {
        bridge.SetState(State.Active);
        Thread.Sleep(500);
        Console.WriteLine("SAMPLE " + File.Exists(Path.Combine(folder, RightseatSettings.FileName)));
        foreach (string file in new[]
        {
            "url = http://127.0.0.1:8000\naccounts = *",
            "url = https://desk.example:8443\naccounts = *",
            "url = https://desk.example:8443\nkey = abc\naccounts = *",
            "url = https://8.8.8.8\nkey = abc\nmarket = MES 12-34",
            "url = http://192.168.1.9:8000\nkey = abc\nmarket = MES 12-34",
            "url = http://172.32.0.1\nkey = abc\nmarket = MES 12-34",
            "url = http://[fd00::1]:8000\nkey = abc\nmarket = MES 12-34",
            "url = ftp://127.0.0.1",
            "key = \u00fc\nurl = http://127.0.0.1",
            "acounts = Sim101"
        })
        {
            RightseatSettings read = RightseatSettings.Read(file);
            Console.WriteLine("READ " + (read.Fault ?? read.MarketFault ?? "fine"));
        }
    }

    private static void WriteSettings(string accounts, string market)
    {
        string[] lines = { "# test", "url = " + url, "key = test-key", "accounts = " + accounts, "market = " + market };
        File.WriteAllLines(Path.Combine(folder, RightseatSettings.FileName), lines);
    }

    private static void Tell(string mode)
    {
        using (var client = new WebClient()) client.UploadString(url + "/harness/" + mode, "");
    }

    private static Account AddAccount(string name)
    {
        var account = new Account { Name = name, ConnectionStatus = ConnectionStatus.Connected };
        lock (Account.All) Account.All.Add(account);
        return account;
    }

    private static Position Open(Account account, Instrument instrument, MarketPosition side, int quantity,
        double price)
    {
        var position = new Position
        {
            Instrument = instrument, MarketPosition = side, Quantity = quantity, AveragePrice = price
        };
        lock (account.Positions) account.Positions.Add(position);
        return position;
    }

    private static Execution Fill(Account account, string id, MarketPosition side, int quantity, double price,
        double commission, int position)
    {
        var execution = new Execution
        {
            ExecutionId = id, OrderId = "order-" + id, Instrument = Mes, MarketPosition = side, Quantity = quantity,
            Price = price, Time = FillTime, Commission = commission, Position = position
        };
        lock (account.Executions) account.Executions.Add(execution);
        return execution;
    }

    private static void AddOrder(Account account, OrderState state, string id)
    {
        account.Orders.Add(new Order
        {
            Id = 7, OrderId = id, Instrument = Mes, OrderAction = OrderAction.Sell, OrderType = OrderType.StopMarket,
            OrderState = state, Quantity = 3, StopPrice = 6002.25, Oco = "oco \"1\""
        });
    }

    private static void SetItems(Account account, double cash, double drawdownLeft)
    {
        account.Items = new Dictionary<AccountItem, double>
        {
            { AccountItem.CashValue, cash }, { AccountItem.NetLiquidation, cash + 30 },
            { AccountItem.UnrealizedProfitLoss, 30 }, { AccountItem.TrailingMaxDrawdown, drawdownLeft },
            { AccountItem.InitialMargin, double.NaN }
        };
    }

    private static void SetMark(Instrument instrument, double price)
    {
        instrument.MarketData = new MarketData { Last = TickOf(instrument, MarketDataType.Last, price) };
    }

    private static MarketDataEventArgs TickOf(Instrument instrument, MarketDataType type, double price)
    {
        return new MarketDataEventArgs
        {
            Instrument = instrument, MarketDataType = type, Price = price, Volume = 3, Time = FillTime
        };
    }

    private static void Raise(Account account, EventArgs change)
    {
        Watch(() => account.Raise(change));
    }

    /// <summary>What the platform's own thread feels.</summary>
    private static void Watch(Action call)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            call();
        }
        catch (Exception error)
        {
            Console.WriteLine("THROWN " + error.GetType().Name + " " + error.Message);
        }
        slowestMs = Math.Max(slowestMs, watch.Elapsed.TotalMilliseconds);
    }
}
