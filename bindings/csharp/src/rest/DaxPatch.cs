using System;
using System.Collections.Generic;

namespace Daxsign
{
    /// <summary>Changes to an entity: the paths that it allows, and no other.</summary>
    /// <typeparam name="TSelf">The entity's own patch.</typeparam>
    public abstract class DaxPatch<TSelf>
        where TSelf : DaxPatch<TSelf>
    {
        private readonly List<KeyValuePair<string, DaxJson>> _items = new List<KeyValuePair<string, DaxJson>>();

        internal DaxPatch()
        {
        }

        internal int Count
        {
            get { return _items.Count; }
        }

        /// <summary>All that can be changed.</summary>
        public abstract IReadOnlyList<string> Paths { get; }

        /// <summary>Replaces what a path names.</summary>
        /// <param name="path">One of <see cref="Paths"/>, in any case.</param>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        /// <exception cref="DaxApiException">Another path.</exception>
        public TSelf Replace(string path, DaxJson value)
        {
            foreach (string known in Paths)
            {
                if (string.Equals(known, path, StringComparison.OrdinalIgnoreCase))
                {
                    _items.RemoveAll(item => item.Key == known);
                    _items.Add(new KeyValuePair<string, DaxJson>(known, value ?? DaxJson.Null));
                    return (TSelf)this;
                }
            }
            throw DaxApiException.Invalid(
                "\"" + path + "\" cannot be patched here, but " + string.Join(", ", Paths));
        }

        internal DaxJson Items()
        {
            return JsonOf.List(_items, item =>
            {
                var members = new JsonMembers();
                members.Add("op", JsonOf.Text("replace"));
                members.Add("path", JsonOf.Text(item.Key));
                members.Add("value", item.Value);
                return DaxJson.Of(members);
            });
        }
    }
}
