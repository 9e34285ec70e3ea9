using System;
using System.Collections.Generic;

namespace Daxsign
{
    /// <summary>The members of an object in their order. Those that are read are marked; the others are what is not
    /// known.</summary>
    internal sealed class JsonMembers
    {
        private readonly List<KeyValuePair<string, DaxJson>> _members = new List<KeyValuePair<string, DaxJson>>();
        private readonly HashSet<int> _taken = new HashSet<int>();

        internal IReadOnlyList<KeyValuePair<string, DaxJson>> All
        {
            get { return _members; }
        }

        internal void Add(string name, DaxJson value)
        {
            _members.Add(new KeyValuePair<string, DaxJson>(name, value));
        }

        /// <summary>Adds a member in the place of any of that name.</summary>
        internal void Set(string name, DaxJson value)
        {
            _members.RemoveAll(member => string.Equals(member.Key, name, StringComparison.OrdinalIgnoreCase));
            Add(name, value);
        }

        internal bool Has(string name)
        {
            return Find(name) >= 0;
        }

        /// <summary>The value of a name, in any case if it does not stand there exactly; null where it is missing or
        /// JSON's null.</summary>
        internal DaxJson Take(string name)
        {
            int index = Find(name);
            if (index < 0)
            {
                return null;
            }
            _taken.Add(index);
            DaxJson value = _members[index].Value;
            return value.Value == null ? null : value;
        }

        /// <summary>What was not taken.</summary>
        internal IReadOnlyDictionary<string, DaxJson> Rest()
        {
            var rest = new Dictionary<string, DaxJson>();
            for (int i = 0; i < _members.Count; i++)
            {
                if (!_taken.Contains(i))
                {
                    rest[_members[i].Key] = _members[i].Value;
                }
            }
            return rest;
        }

        private int Find(string name)
        {
            int index = _members.FindIndex(member => member.Key == name);
            return index >= 0
                ? index
                : _members.FindIndex(member => string.Equals(member.Key, name, StringComparison.OrdinalIgnoreCase));
        }
    }
}
