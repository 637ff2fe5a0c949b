// How is a value written as JSON? The same in every Windows language: points in numbers, ASCII, everything escaped.
using System;
using System.Globalization;
using System.Text;

namespace NinjaTrader.NinjaScript.AddOns
{
    /// <summary>Writes one JSON text, from left to right.</summary>
    internal sealed class RightseatJson
    {
        private readonly StringBuilder text = new StringBuilder();
        private bool isFirst = true;

        public RightseatJson Open(char bracket)
        {
            Separate();
            text.Append(bracket);
            isFirst = true;
            return this;
        }

        public RightseatJson Close(char bracket)
        {
            text.Append(bracket);
            isFirst = false;
            return this;
        }

        public RightseatJson Name(string name)
        {
            Separate();
            Quote(name);
            text.Append(':');
            isFirst = true;
            return this;
        }

        public RightseatJson Text(string name, string value)
        {
            Name(name);
            if (value == null) return Raw("null");
            isFirst = false;
            Quote(value);
            return this;
        }

        /// <summary>A number with a decimal point; what is no number (NaN, infinite) is null.</summary>
        public RightseatJson Number(string name, double? value)
        {
            Name(name);
            bool isNumber = value.HasValue && !double.IsNaN(value.Value) && !double.IsInfinity(value.Value);
            return Raw(isNumber ? value.Value.ToString("R", CultureInfo.InvariantCulture) : "null");
        }

        public RightseatJson Whole(string name, long value)
        {
            Name(name);
            return Raw(value.ToString(CultureInfo.InvariantCulture));
        }

        /// <summary>JSON that was written before.</summary>
        public RightseatJson Raw(string json)
        {
            Separate();
            text.Append(json);
            return this;
        }

        public override string ToString()
        {
            return text.ToString();
        }

        private void Separate()
        {
            if (!isFirst) text.Append(',');
            isFirst = false;
        }

        private void Quote(string value)
        {
            text.Append('"');
            for (int at = 0; at < value.Length; at++)
            {
                char letter = value[at];
                if (letter == '"' || letter == '\\') text.Append('\\').Append(letter);
                else if (letter >= ' ' && letter <= '~') text.Append(letter);
                else text.Append("\\u").Append(((int)Whole(value, at)).ToString("x4", CultureInfo.InvariantCulture));
            }
            text.Append('"');
        }

        /// <summary>Half of a pair of code units is no character: a question mark stands for it.</summary>
        private static char Whole(string value, int at)
        {
            char letter = value[at];
            bool isPaired = char.IsHighSurrogate(letter)
                ? at + 1 < value.Length && char.IsLowSurrogate(value[at + 1])
                : at > 0 && char.IsHighSurrogate(value[at - 1]);
            return char.IsSurrogate(letter) && !isPaired ? '?' : letter;
        }
    }
}
