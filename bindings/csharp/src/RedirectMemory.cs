using System;
using System.Collections.Concurrent;

namespace Daxsign
{
    /// <summary>The permanent redirects that were seen. For any number of threads.</summary>
    internal sealed class RedirectMemory
    {
        /// <summary>More are followed but not remembered, so that a server cannot fill the memory.</summary>
        private const int Capacity = 1000;

        private readonly ConcurrentDictionary<string, Uri> _targets = new ConcurrentDictionary<string, Uri>();

        internal void Remember(Uri from, Uri to)
        {
            if (_targets.Count < Capacity || _targets.ContainsKey(from.AbsoluteUri))
            {
                _targets[from.AbsoluteUri] = to;
            }
        }

        /// <summary>Where an address moved to; null if it did not.</summary>
        internal Uri Find(Uri from)
        {
            Uri to;
            return _targets.TryGetValue(from.AbsoluteUri, out to) ? to : null;
        }
    }
}
