// To whom is what posted? The lines of rightseat.txt in the NinjaTrader folder, read again when the file changes.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NinjaTrader.NinjaScript.AddOns
{
    /// <summary>One reading of the file. <c>Fault</c> says why nothing may be sent; null: all is well.</summary>
    internal sealed class RightseatSettings
    {
        public const string FileName = "rightseat.txt";
        public const string Sample =
            "# Rightseat bridge. Lines of name = value; saved changes count within a second.\r\n"
            + "# Where Rightseat's data-service listens (DATA_SERVICE_PORT), and its API_KEY if it has one.\r\n"
            + "url = http://127.0.0.1:8000\r\n"
            + "key =\r\n"
            + "# The accounts to post, with commas between them (Sim101, DEMO123), or * for all. Empty: none.\r\n"
            + "accounts =\r\n"
            + "# Contracts whose prices are handed on for FEED=ninjatrader (MES 12-26, MNQ 12-26). Empty: none.\r\n"
            + "market =\r\n";

        public Uri Url;
        public string Key = "";
        public string[] Accounts = new string[0];
        public string[] Market = new string[0];
        public string Fault;
        /// <summary>Why prices may not be handed on, beside the fault; null: they may.</summary>
        public string MarketFault;

        public static RightseatSettings Read(string text)
        {
            var settings = new RightseatSettings();
            foreach (string raw in text.Split('\n'))
            {
                string line = raw.Trim();
                int equals = line.IndexOf('=');
                if (line.Length == 0 || line[0] == '#') continue;
                string value = equals < 0 ? "" : line.Substring(equals + 1).Trim();
                settings.Take(equals < 0 ? line : line.Substring(0, equals).Trim().ToLowerInvariant(), value);
            }
            settings.Judge();
            return settings;
        }

        public bool HasAccount(string name)
        {
            return Accounts.Any(chosen => chosen == "*" || chosen.Equals(name, StringComparison.OrdinalIgnoreCase));
        }

        private void Take(string name, string value)
        {
            switch (name)
            {
                case "url":
                    if (!Uri.TryCreate(value, UriKind.Absolute, out Url)) Fault = "url: was \"" + value + "\"";
                    break;
                case "key":
                    Key = value;
                    break;
                case "accounts":
                    Accounts = Items(value);
                    break;
                case "market":
                    Market = Items(value);
                    break;
                default:
                    Fault = "\"" + name + "\" is none of url, key, accounts, market";
                    break;
            }
        }

        private void Judge()
        {
            if (Fault != null) return;
            if (Url == null || (Url.Scheme != "http" && Url.Scheme != "https"))
                Fault = "url: expected an address such as http://127.0.0.1:8000";
            else if (Key.Any(letter => letter < ' ' || letter > '~')) Fault = "key: expected plain letters and digits";
            else if (!Url.IsLoopback && Key.Length == 0) Fault = "key: another PC's Rightseat needs its API_KEY";
            else if (Market.Length > 0 && !IsNear(Url))
                MarketFault = "market: prices stay within this PC or network, and " + Url.Host + " is not in it";
        }

        private static string[] Items(string value)
        {
            return value.Split(',').Select(item => item.Trim()).Where(item => item.Length > 0).ToArray();
        }

        /// <summary>This machine or a private network: market data must not leave it.</summary>
        private static bool IsNear(Uri url)
        {
            if (url.IsLoopback) return true;
            try
            {
                IPAddress[] addresses = Dns.GetHostAddresses(url.Host.Trim('[', ']'));
                return addresses.Length > 0 && addresses.All(IsPrivate);
            }
            catch (SocketException)
            {
                return false;
            }
        }

        private static bool IsPrivate(IPAddress address)
        {
            byte[] bytes = address.GetAddressBytes();
            if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal) return true;
            if (bytes.Length == 16) return (bytes[0] & 0xFE) == 0xFC;
            if (bytes[0] == 10 || (bytes[0] == 192 && bytes[1] == 168)) return true;
            // 172.16/12, link-local, and 100.64/10, which VPNs use.
            return (bytes[0] == 172 && bytes[1] >> 4 == 1) || (bytes[0] == 169 && bytes[1] == 254)
                || (bytes[0] == 100 && bytes[1] >> 6 == 1);
        }
    }

    /// <summary>The file itself: written with a sample where there is none, read when its time changes.</summary>
    internal sealed class RightseatSettingsFile
    {
        private readonly string path;
        private readonly Action<string> say;
        private readonly object gate = new object();
        private DateTime readAt = DateTime.MinValue;
        private RightseatSettings settings = new RightseatSettings { Fault = "not read yet" };

        public RightseatSettingsFile(string path, Action<string> say)
        {
            this.path = path;
            this.say = say;
        }

        public RightseatSettings Current()
        {
            lock (gate)
            {
                try
                {
                    if (!File.Exists(path)) File.WriteAllText(path, RightseatSettings.Sample, Encoding.UTF8);
                    DateTime changedAt = File.GetLastWriteTimeUtc(path);
                    if (changedAt == readAt) return settings;
                    settings = RightseatSettings.Read(File.ReadAllText(path));
                    readAt = changedAt;
                    Tell();
                }
                catch (Exception error)
                {
                    // A file that is being written: the former reading stands, and it is tried again within a second.
                    if (readAt != DateTime.MinValue) return settings;
                    if (settings.Fault != error.Message) say(path + ": " + error.Message);
                    settings.Fault = error.Message;
                }
                return settings;
            }
        }

        private void Tell()
        {
            if (settings.Fault != null) say("nothing is sent, " + RightseatSettings.FileName + ": " + settings.Fault);
            else if (settings.Accounts.Length == 0) say("no account is chosen; name them in " + path);
            else say("posting " + string.Join(", ", settings.Accounts) + " to " + settings.Url);
            if (settings.Fault == null && settings.MarketFault != null) say(settings.MarketFault);
            if (settings.Fault == null && settings.Url.Scheme == "http" && !settings.Url.IsLoopback)
                say("the key goes to " + settings.Url.Host + " unencrypted: use https, or a VPN");
        }
    }
}
