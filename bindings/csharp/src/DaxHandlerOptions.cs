using System;

namespace Daxsign
{
    /// <summary>How a <see cref="DaxSigningHandler"/> sends.</summary>
    public sealed class DaxHandlerOptions
    {
        private Func<DateTimeOffset> _clock = () => DateTimeOffset.UtcNow;

        /// <summary>The clock for the <c>Date</c> field; it must be right to a few minutes.</summary>
        public Func<DateTimeOffset> Clock
        {
            get { return _clock; }
            set { _clock = value ?? throw new ArgumentNullException(nameof(value)); }
        }

        /// <summary>How many redirects one request may take, remembered ones included; 0 to follow none: the answer
        /// with the redirect is then given back.</summary>
        public int MaxRedirects { get; set; } = 10;

        /// <summary>Sends <c>{}</c> as <c>application/json</c> with requests that have no content, <c>GET</c> too, as
        /// the DAX REST API expects.</summary>
        public bool JsonWhenEmpty { get; set; }

        /// <summary>Signs with <see cref="DaxSigner.SignCall"/>.</summary>
        internal bool OfClient { get; set; }
    }
}
