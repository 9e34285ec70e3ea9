using System;
using System.Collections.Generic;
using System.Globalization;

namespace Daxsign
{
    /// <summary>A list of what has certain ids, for
    /// <see cref="DaxClient.LookUpAsync{T, TId}"/> too.</summary>
    /// <typeparam name="T">What the list holds.</typeparam>
    /// <typeparam name="TId">What its ids are.</typeparam>
    public abstract class DaxByIdOperation<T, TId> : DaxListOperation<T>
    {
        /// <summary>What the rest of an address takes at most: path, names, and the other filters.</summary>
        private const int RestOfTarget = 500;

        /// <summary>This list with these ids alone.</summary>
        internal abstract DaxListOperation<T> With(IReadOnlyList<TId> ids);

        /// <summary>Lists that ask for all of the ids, each once: none where there are no ids, as a filter without
        /// ids would ask for everything.</summary>
        internal IEnumerable<DaxListOperation<T>> Parts(IEnumerable<TId> ids)
        {
            var seen = new HashSet<TId>();
            var all = new List<TId>();
            int longest = 1;
            foreach (TId id in ids)
            {
                if (seen.Add(id))
                {
                    all.Add(id);
                    longest = Math.Max(longest, Convert.ToString(id, CultureInfo.InvariantCulture).Length);
                }
            }
            // What separates two ids is a comma.
            int most = Math.Min(MaxLimit, (Session.MaxTarget - RestOfTarget) / (longest + 1));
            for (int start = 0; start < all.Count; start += most)
            {
                yield return With(all.GetRange(start, Math.Min(most, all.Count - start)));
            }
        }
    }
}
