// What has changed in this account and waits to be posted? Handlers only note it; the worker's thread reads it.
using System;
using System.Collections.Generic;
using System.Linq;
using NinjaTrader.Cbi;

namespace NinjaTrader.NinjaScript.AddOns
{
    [Flags]
    internal enum RightseatParts
    {
        None = 0,
        Positions = 1,
        Orders = 2,
        Values = 4,
        Heartbeat = 8,
        All = 15
    }

    /// <summary>One account that is followed. The platform's threads come in by the handlers and never wait.</summary>
    internal sealed class RightseatAccount
    {
        /// <summary>Executions that may wait; with more, the platform's list is read again.</summary>
        public const int PendingMax = 2000;
        public const int BatchMax = 100;

        public readonly Account Account;
        /// <summary>The batch of executions on its way: kept, with its id, until it is taken or refused.</summary>
        public string Batch;
        public Execution[] BatchRows;
        public DateTime AllDueAt = DateTime.MinValue;
        public DateTime ChangeDueAt = DateTime.MinValue;

        private readonly Action wake;
        private readonly object gate = new object();
        private readonly Queue<Execution> pending = new Queue<Execution>();
        private RightseatParts changed;
        private bool isSessionWanted = true;
        private bool hasToldNone;
        private int singles;

        public RightseatAccount(Account account, Action wake)
        {
            Account = account;
            this.wake = wake;
            account.PositionUpdate += OnPosition;
            account.OrderUpdate += OnOrder;
            account.ExecutionUpdate += OnExecution;
            account.AccountItemUpdate += OnItem;
        }

        public void Leave()
        {
            Account.PositionUpdate -= OnPosition;
            Account.OrderUpdate -= OnOrder;
            Account.ExecutionUpdate -= OnExecution;
            Account.AccountItemUpdate -= OnItem;
        }

        public RightseatParts TakeChanged()
        {
            lock (gate)
            {
                RightseatParts parts = changed;
                changed = RightseatParts.None;
                return parts;
            }
        }

        public bool HasChanged
        {
            get { lock (gate) return changed != RightseatParts.None || pending.Count > 0; }
        }

        /// <summary>
        /// The next executions to post, oldest first; null: none. An account without any tells an empty list once:
        /// it says that this bridge tells executions.
        /// </summary>
        public Execution[] NextExecutions()
        {
            if (IsSessionWanted())
            {
                Execution[] session;
                lock (Account.Executions) session = Account.Executions.ToArray();
                lock (gate)
                {
                    Execution[] notListedYet = pending.Where(row => !session.Contains(row)).ToArray();
                    pending.Clear();
                    foreach (Execution row in session.OrderBy(row => row.Time)) pending.Enqueue(row);
                    foreach (Execution row in notListedYet) pending.Enqueue(row);
                    if (pending.Count > 0) hasToldNone = true;
                }
            }
            lock (gate)
            {
                if (pending.Count == 0 && hasToldNone) return null;
                hasToldNone = true;
                int count = Math.Min(pending.Count, singles > 0 ? 1 : BatchMax);
                if (singles > 0) singles--;
                return Enumerable.Range(0, count).Select(_ => pending.Dequeue()).ToArray();
            }
        }

        /// <summary>One of these was refused and nobody says which: they are posted again one by one.</summary>
        public void Split(Execution[] rows)
        {
            lock (gate)
            {
                Execution[] behind = pending.ToArray();
                pending.Clear();
                foreach (Execution row in rows.Concat(behind)) pending.Enqueue(row);
                singles = rows.Length;
            }
        }

        private bool IsSessionWanted()
        {
            lock (gate)
            {
                bool isWanted = isSessionWanted;
                isSessionWanted = false;
                return isWanted;
            }
        }

        private void OnPosition(object sender, PositionEventArgs change)
        {
            Note(RightseatParts.Positions | RightseatParts.Values);
        }

        private void OnOrder(object sender, OrderEventArgs change)
        {
            Note(RightseatParts.Orders);
        }

        private void OnItem(object sender, AccountItemEventArgs change)
        {
            Note(RightseatParts.Values);
        }

        private void OnExecution(object sender, ExecutionEventArgs change)
        {
            if (change == null || change.Execution == null) return;
            lock (gate)
            {
                if (pending.Count >= PendingMax)
                {
                    pending.Clear();
                    isSessionWanted = true;
                }
                pending.Enqueue(change.Execution);
            }
            Note(RightseatParts.Positions | RightseatParts.Values);
        }

        private void Note(RightseatParts parts)
        {
            lock (gate) changed |= parts;
            wake();
        }
    }
}
