// Who posts the accounts, and when? One thread: everything each second, and what changed at once.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using NinjaTrader.Cbi;

namespace NinjaTrader.NinjaScript.AddOns
{
    /// <summary>
    /// Reports of state are written at the moment they are posted, so none ever waits in a queue; executions do, and go
    /// before the positions that they make.
    /// </summary>
    internal sealed class RightseatWorker
    {
        private const int EveryMs = 1000;
        /// <summary>Changes of one account are posted at most so often.</summary>
        private const int ChangeEveryMs = 50;
        private const int StopMs = 500;

        private readonly RightseatSettingsFile file;
        private readonly Action<string> say;
        private readonly RightseatSender sender;
        private readonly AutoResetEvent wakeUp = new AutoResetEvent(false);
        private readonly List<RightseatAccount> followed = new List<RightseatAccount>();
        private readonly Dictionary<string, DateTime> toldAt = new Dictionary<string, DateTime>();
        private DateTime lookDueAt = DateTime.MinValue;
        private RightseatSettings settings;
        private volatile bool isStopping;
        private Thread thread;

        public RightseatWorker(RightseatSettingsFile file, Action<string> say)
        {
            this.file = file;
            this.say = say;
            sender = new RightseatSender(say);
        }

        public void Start()
        {
            thread = new Thread(Run) { IsBackground = true, Name = "Rightseat bridge" };
            thread.Start();
        }

        public void Stop()
        {
            isStopping = true;
            wakeUp.Set();
            sender.Abort();
            if (thread != null && thread != Thread.CurrentThread) thread.Join(StopMs);
        }

        private void Run()
        {
            while (!isStopping)
            {
                try
                {
                    Look();
                    if (settings.Fault == null && DateTime.UtcNow >= sender.RetryAt) PostAll();
                }
                catch (Exception error)
                {
                    TellOnce("worker: " + error.Message);
                }
                wakeUp.WaitOne(WaitMs());
            }
            foreach (RightseatAccount account in followed) account.Leave();
        }

        /// <summary>Each second: the settings, and the accounts that came and went.</summary>
        private void Look()
        {
            DateTime now = DateTime.UtcNow;
            if (now < lookDueAt) return;
            lookDueAt = now.AddMilliseconds(EveryMs);
            RightseatSettings former = settings;
            settings = file.Current();
            if (settings != former) sender.Forgive();
            Account[] all;
            lock (Account.All) all = Account.All.ToArray();
            Account[] chosen = all.Where(account => settings.HasAccount(account.Name)).ToArray();
            foreach (RightseatAccount gone in followed.Where(one => !chosen.Contains(one.Account)).ToArray())
            {
                gone.Leave();
                followed.Remove(gone);
            }
            foreach (Account account in chosen.Where(one => followed.All(other => other.Account != one)))
                followed.Add(new RightseatAccount(account, () => wakeUp.Set()));
        }

        private void PostAll()
        {
            foreach (RightseatAccount account in followed)
            {
                if (isStopping || !PostExecutions(account)) return;
                DateTime now = DateTime.UtcNow;
                if (now < account.ChangeDueAt) continue;
                RightseatParts parts = account.TakeChanged();
                if (now >= account.AllDueAt) parts = RightseatParts.All;
                if (parts == RightseatParts.None) continue;
                account.ChangeDueAt = now.AddMilliseconds(ChangeEveryMs);
                if (parts == RightseatParts.All) account.AllDueAt = now.AddMilliseconds(EveryMs);
                if (!PostParts(account, parts)) return;
            }
        }

        /// <summary>False: not delivered, so nothing that comes behind may be posted before it.</summary>
        private bool PostExecutions(RightseatAccount account)
        {
            while (!isStopping)
            {
                if (account.Batch == null && !TakeBatch(account)) return true;
                RightseatAnswer answer = sender.Post(settings, "/bridge/executions", account.Batch);
                if (answer == RightseatAnswer.Later) return Away();
                Execution[] rows = account.BatchRows;
                account.Batch = null;
                account.BatchRows = null;
                if (answer == RightseatAnswer.Refused && rows.Length > 1) account.Split(rows);
                if (answer == RightseatAnswer.Refused && rows.Length == 1)
                    TellOnce("execution " + rows[0].ExecutionId + " was refused and is left out");
            }
            return false;
        }

        private bool TakeBatch(RightseatAccount account)
        {
            Execution[] rows = account.NextExecutions();
            if (rows == null) return false;
            try
            {
                account.Batch = RightseatReports.Executions(account.Account, rows);
                account.BatchRows = rows;
                return true;
            }
            catch (Exception error)
            {
                if (rows.Length > 1) account.Split(rows);
                else TellOnce("an execution could not be read and is left out: " + error.Message);
                return TakeBatch(account);
            }
        }

        private bool PostParts(RightseatAccount account, RightseatParts parts)
        {
            return PostPart(account, parts & RightseatParts.Positions, "/positions/update", RightseatReports.Positions)
                && PostPart(account, parts & RightseatParts.Orders, "/bridge/orders", RightseatReports.Orders)
                && PostPart(account, parts & RightseatParts.Values, "/bridge/account", RightseatReports.Values)
                && PostPart(account, parts & RightseatParts.Heartbeat, "/bridge/heartbeat", RightseatReports.Heartbeat);
        }

        private bool PostPart(RightseatAccount account, RightseatParts part, string path, Func<Account, string> write)
        {
            if (part == RightseatParts.None) return true;
            string json;
            try
            {
                json = write(account.Account);
            }
            catch (Exception error)
            {
                // Left out, so Rightseat sees it grow old; a half report would be a wrong one.
                TellOnce(path + " of " + account.Account.Name + " could not be read: " + error.Message);
                return true;
            }
            return sender.Post(settings, path, json) != RightseatAnswer.Later || Away();
        }

        /// <summary>Not delivered: everything is due as soon as Rightseat is back.</summary>
        private bool Away()
        {
            foreach (RightseatAccount account in followed)
            {
                account.AllDueAt = DateTime.MinValue;
                account.ChangeDueAt = DateTime.MinValue;
            }
            return false;
        }

        private int WaitMs()
        {
            DateTime now = DateTime.UtcNow;
            DateTime due = lookDueAt;
            if (settings != null && settings.Fault == null)
            {
                if (followed.Any(account => account.HasChanged)) due = now;
                foreach (RightseatAccount account in followed) if (account.AllDueAt < due) due = account.AllDueAt;
                if (due < sender.RetryAt) due = sender.RetryAt;
            }
            return (int)Math.Max(ChangeEveryMs, Math.Min(EveryMs, (due - now).TotalMilliseconds));
        }

        /// <summary>Each line once, a hundred at most: what goes wrong each second must not fill the log.</summary>
        private void TellOnce(string line)
        {
            if (toldAt.Count >= 100 || toldAt.ContainsKey(line)) return;
            toldAt[line] = DateTime.UtcNow;
            say(line);
        }
    }
}
