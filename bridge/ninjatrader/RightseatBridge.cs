// When does the bridge run? While NinjaTrader has this add-on active: it starts the workers and hands them the log.
using System;
using System.IO;
using NinjaTrader.Cbi;

namespace NinjaTrader.NinjaScript.AddOns
{
    /// <summary>
    /// Posts the chosen accounts to Rightseat; reads only, never sends an order. Nothing that goes wrong here reaches
    /// the platform: every call from it ends in a catch, and all work is done on threads of our own.
    /// </summary>
    public class RightseatBridge : AddOnBase
    {
        public const string Version = "1.0.0";

        private static readonly object Gate = new object();
        private static RightseatBridge running;

        private RightseatWorker worker;
        private RightseatMarket market;

        protected override void OnStateChange()
        {
            try
            {
                if (State == State.SetDefaults)
                {
                    Name = "Rightseat bridge";
                    Description = "Posts positions, orders, executions and account values to Rightseat. Reads only.";
                }
                else if (State == State.Configure || State == State.Active) Start();
                else if (State == State.Terminated) Stop();
            }
            catch (Exception error)
            {
                Say("the add-on could not change its state: " + error.Message);
            }
        }

        /// <summary>NinjaTrader may make several instances; the newest that is active runs, alone.</summary>
        private void Start()
        {
            lock (Gate)
            {
                if (running == this) return;
                if (running != null) running.Stop();
                running = this;
                string file = Path.Combine(NinjaTrader.Core.Globals.UserDataDir, RightseatSettings.FileName);
                var settings = new RightseatSettingsFile(file, Say);
                market = new RightseatMarket(settings, Say);
                worker = new RightseatWorker(settings, Say);
                worker.Start();
                market.Start();
            }
        }

        private void Stop()
        {
            lock (Gate)
            {
                if (running != this) return;
                running = null;
                worker.Stop();
                market.Stop();
            }
        }

        /// <summary>A line in the Log tab of the Control Center; never a pop-up.</summary>
        private void Say(string line)
        {
            try
            {
                Log("Rightseat: " + line, LogLevel.Information);
            }
            catch (Exception)
            {
                // The platform is closing: there is nobody left to tell.
            }
        }
    }
}
