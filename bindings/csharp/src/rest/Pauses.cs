using System;
using System.Globalization;

namespace Daxsign
{
    /// <summary>How long to wait before a request is sent again.</summary>
    internal static class Pauses
    {
        /// <summary>The first pause before a failed request is sent again; each further one is four times as
        /// long.</summary>
        private const int FirstMilliseconds = 200;
        private const int Growth = 4;
        /// <summary>After so many they are longer than any call.</summary>
        private const int MaxGrowths = 16;
        /// <summary>By what pauses differ, so that many clients do not come back at once.</summary>
        private const int SpreadMilliseconds = 100;
        /// <summary>How long a limit lasts that a server does not tell.</summary>
        private static readonly TimeSpan UntoldLimit = TimeSpan.FromSeconds(1);

        /// <summary>The pause before the attempt after so many failed ones.</summary>
        internal static TimeSpan Retry(int failed, DateTimeOffset now)
        {
            double factor = Math.Pow(Growth, Math.Min(failed, MaxGrowths));
            long spread = now.UtcTicks / 10 % SpreadMilliseconds;
            return TimeSpan.FromMilliseconds(FirstMilliseconds * factor + spread);
        }

        /// <summary>Until when a server that lets nothing more through asks to wait: <c>Retry-After</c>, else the time
        /// at which the next window begins. The window itself (<c>7d</c>) is no time to wait.</summary>
        internal static DateTimeOffset LimitEnd(Answer answer, DateTimeOffset now)
        {
            string after = answer.Field("Retry-After");
            if (!string.IsNullOrEmpty(after) && !Array.Exists(after.ToCharArray(), digit => digit < '0' || digit > '9'))
            {
                double seconds;
                // .NET Framework refuses a number that is too large, later ones take it for infinite.
                bool isTime = double.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out seconds)
                    && seconds < (DateTimeOffset.MaxValue - now).TotalSeconds - 1;
                return isTime ? now.AddSeconds(seconds) : DateTimeOffset.MaxValue;
            }
            DateTimeOffset date;
            const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
            if (after != null && DateTimeOffset.TryParseExact(
                after, "r", CultureInfo.InvariantCulture, Styles, out date))
            {
                return date;
            }
            return answer.RateLimit?.Reset?.Time ?? now + UntoldLimit;
        }
    }
}
