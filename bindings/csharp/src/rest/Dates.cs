using System;

namespace Daxsign
{
    /// <summary>The dates of requests: none is used twice, so that no request is taken for a replay.</summary>
    internal sealed class Dates
    {
        private readonly object _lock = new object();
        private readonly Func<DateTimeOffset> _clock;
        private long _last;

        internal Dates(Func<DateTimeOffset> clock)
        {
            _clock = clock;
        }

        internal DateTimeOffset Next()
        {
            long now = _clock().UtcTicks;
            lock (_lock)
            {
                _last = Math.Max(now, _last + 1);
                return new DateTimeOffset(_last, TimeSpan.Zero);
            }
        }
    }
}
