using System;
using System.Collections.Generic;

namespace Daxsign
{
    /// <summary>Permanent redirects (301) of paths, whatever the query is. For any number of threads.</summary>
    internal sealed class MovedPaths
    {
        /// <summary>More push the oldest out, so that a server cannot fill the memory.</summary>
        private const int Capacity = 64;

        private readonly object _lock = new object();
        private readonly List<KeyValuePair<string, string>> _moves = new List<KeyValuePair<string, string>>();

        internal void Remember(Uri from, Uri to)
        {
            // One that changes the query holds for that query alone.
            if (from.Query != to.Query)
            {
                return;
            }
            string old = Bare(from);
            lock (_lock)
            {
                _moves.RemoveAll(move => move.Key == old);
                if (_moves.Count >= Capacity)
                {
                    _moves.RemoveAt(0);
                }
                _moves.Add(new KeyValuePair<string, string>(old, Bare(to)));
            }
        }

        /// <summary>Where an address is now. At most <paramref name="hops"/> moves are
        /// followed.</summary>
        internal Uri Current(Uri address, int hops)
        {
            lock (_lock)
            {
                for (int hop = 0; hop < hops; hop++)
                {
                    string here = Bare(address);
                    int index = _moves.FindIndex(move => move.Key == here);
                    if (index < 0)
                    {
                        break;
                    }
                    address = new Uri(_moves[index].Value + address.Query);
                }
            }
            return address;
        }

        private static string Bare(Uri address)
        {
            return address.GetLeftPart(UriPartial.Path);
        }
    }
}
