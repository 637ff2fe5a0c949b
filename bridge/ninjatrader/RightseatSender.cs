// Did Rightseat take it? One POST at a time, with the key; after trouble the next one waits, ever longer.
using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Text;

namespace NinjaTrader.NinjaScript.AddOns
{
    /// <summary>Taken; refused for good (again would not help); or not delivered: try it later.</summary>
    internal enum RightseatAnswer
    {
        Taken,
        Refused,
        Later
    }

    /// <summary>Used by one thread; <c>Abort</c> may come from any.</summary>
    internal sealed class RightseatSender
    {
        private const int TimeoutMs = 5000;
        private const int FirstWaitMs = 500;
        private const int LongestWaitMs = 10000;
        /// <summary>A wrong key or address is mended by a person.</summary>
        private const int WrongSettingsWaitMs = 30000;
        private const int AnswerCharsMax = 400;
        /// <summary>The same trouble is told once in this time.</summary>
        private const int TellAgainMinutes = 10;

        private readonly Action<string> say;
        private readonly Random random = new Random();
        private int failures;
        private readonly Dictionary<string, DateTime> toldAt = new Dictionary<string, DateTime>();
        private volatile HttpWebRequest current;

        public RightseatSender(Action<string> say)
        {
            this.say = say;
            RetryAt = DateTime.MinValue;
        }

        /// <summary>UTC; before it nothing needs to be tried.</summary>
        public DateTime RetryAt { get; private set; }

        /// <summary>After trouble; the next post is tried at once.</summary>
        public void Forgive()
        {
            RetryAt = DateTime.MinValue;
            failures = 0;
        }

        public void Abort()
        {
            HttpWebRequest request = current;
            if (request != null) request.Abort();
        }

        public RightseatAnswer Post(RightseatSettings settings, string path, string json)
        {
            try
            {
                HttpWebRequest request = Prepare(settings, path);
                current = request;
                byte[] body = Encoding.ASCII.GetBytes(json);
                request.ContentLength = body.Length;
                using (Stream stream = request.GetRequestStream()) stream.Write(body, 0, body.Length);
                using (var response = (HttpWebResponse)request.GetResponse()) return AnswerOf(path, response);
            }
            catch (WebException error)
            {
                var response = error.Response as HttpWebResponse;
                if (response == null) return Unreachable(error.Message);
                using (response) return AnswerOf(path, response);
            }
            catch (Exception error)
            {
                return Unreachable(error.Message);
            }
            finally
            {
                current = null;
            }
        }

        private static HttpWebRequest Prepare(RightseatSettings settings, string path)
        {
            var request = (HttpWebRequest)WebRequest.Create(settings.Url.AbsoluteUri.TrimEnd('/') + path);
            request.Method = "POST";
            request.ContentType = "application/json";
            request.UserAgent = "rightseat-bridge/" + RightseatBridge.Version;
            if (settings.Key.Length > 0) request.Headers["X-API-Key"] = settings.Key;
            request.Timeout = TimeoutMs;
            request.ReadWriteTimeout = TimeoutMs;
            request.Proxy = null;
            request.AllowAutoRedirect = false;
            request.ServicePoint.Expect100Continue = false;
            request.ServicePoint.UseNagleAlgorithm = false;
            return request;
        }

        private RightseatAnswer Unreachable(string why)
        {
            Wait(NextWaitMs());
            Tell("away", "no answer (" + why + "); it is tried again and again");
            return RightseatAnswer.Later;
        }

        private RightseatAnswer AnswerOf(string path, HttpWebResponse response)
        {
            int status = (int)response.StatusCode;
            string words = path + " was answered " + status + ": " + Read(response);
            if (status < 300)
            {
                if (failures > 0) Tell("taken", "Rightseat answers");
                Forgive();
                return RightseatAnswer.Taken;
            }
            if (status == 400 || status == 409 || status == 413 || status == 415 || status == 422)
            {
                Forgive();
                Tell("refused " + path, words);
                return RightseatAnswer.Refused;
            }
            bool isWrongSettings = status < 500 && status != 408 && status != 429;
            Wait(isWrongSettings ? WrongSettingsWaitMs : NextWaitMs());
            Tell("status " + status, words);
            return RightseatAnswer.Later;
        }

        /// <summary>0.5 s, 1, 2 … 10 s, each up to a fifth shorter by chance: many do not knock together.</summary>
        private int NextWaitMs()
        {
            int wait = (int)Math.Min(LongestWaitMs, FirstWaitMs * Math.Pow(2, Math.Min(failures, 10)));
            failures++;
            return wait - random.Next(wait / 5);
        }

        private void Wait(int ms)
        {
            RetryAt = DateTime.UtcNow.AddMilliseconds(ms);
        }

        /// <summary>The beginning of an answer; Rightseat's are short.</summary>
        private static string Read(WebResponse response)
        {
            using (var reader = new StreamReader(response.GetResponseStream(), Encoding.UTF8))
            {
                var letters = new char[AnswerCharsMax];
                return new string(letters, 0, reader.ReadBlock(letters, 0, letters.Length));
            }
        }

        private void Tell(string trouble, string words)
        {
            DateTime at;
            if (toldAt.TryGetValue(trouble, out at) && DateTime.UtcNow < at.AddMinutes(TellAgainMinutes)) return;
            toldAt[trouble] = DateTime.UtcNow;
            say(words);
        }
    }
}
