using System;
using System.Diagnostics;
using System.Globalization;

namespace Daxsign
{
    /// <summary>A token and for how long it is used.</summary>
    internal sealed class Token
    {
        /// <summary>A token is renewed so long before its end, or a tenth of its life if that is more.</summary>
        private const double MarginSeconds = 60;
        private const double MarginPart = 0.1;
        /// <summary>The life of a token that does not tell: the documentation's example.</summary>
        private const double UntoldSeconds = 900;
        /// <summary>No token is used for longer than a day.</summary>
        private const double MostSeconds = 86400;

        private readonly Stopwatch _age = Stopwatch.StartNew();
        private readonly TimeSpan _use;

        private Token(string value, double seconds)
        {
            Value = value;
            double margin = Math.Max(MarginSeconds, seconds * MarginPart);
            // One that lives no longer than the margin is used for half its life.
            _use = TimeSpan.FromSeconds(seconds > margin ? seconds - margin : seconds / 2);
        }

        internal string Value { get; }

        internal bool IsFresh
        {
            get { return _age.Elapsed < _use; }
        }

        /// <summary>Reads an answer to a request for a token.</summary>
        /// <exception cref="FormatException">There is none in it.</exception>
        internal static Token Read(DaxJson data)
        {
            var members = data.Value as JsonMembers;
            string value = members?.Take("access_token")?.Value as string;
            if (string.IsNullOrEmpty(value))
            {
                throw new FormatException("the answer holds no access_token");
            }
            foreach (char character in value)
            {
                if (character <= ' ' || character > '~')
                {
                    throw new FormatException("the access_token holds a character that no token has");
                }
            }
            double seconds;
            DaxJson life = members.Take("expires_in");
            bool told = life != null && double.TryParse(
                JsonAs.Text(life), NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && seconds >= 0;
            return new Token(value, told ? Math.Min(JsonAs.Number(life), MostSeconds) : UntoldSeconds);
        }
    }
}
