using System;
using System.Collections.Generic;

namespace Daxsign
{
    /// <summary>The data of an answer, as the operations read it.</summary>
    internal sealed class AnswerData
    {
        private readonly DaxJson _data;

        internal AnswerData(DaxJson data)
        {
            _data = data;
        }

        /// <summary>A list, by itself or as the one field of the data. Among other things a list that is not found is
        /// not an empty one.</summary>
        internal IReadOnlyList<T> List<T>(string name, Func<DaxJson, T> read)
        {
            if (_data.Value is IReadOnlyList<DaxJson>)
            {
                return JsonAs.List(_data, read);
            }
            JsonMembers members = JsonAs.Object(_data);
            if (!members.Has(name) && members.Rest().Count > 0)
            {
                throw new FormatException(name + " is missing");
            }
            return members.List(name, read);
        }

        /// <summary>The one field of the data.</summary>
        internal T One<T>(string name, Func<DaxJson, T> read)
        {
            return JsonAs.Object(_data).Need(name, read);
        }

        /// <summary>Data with several fields.</summary>
        internal T Whole<T>(Func<DaxJson, T> read)
        {
            return read(_data);
        }

        /// <summary>Nothing is asked for: whatever there is stays unread.</summary>
        internal DaxNothing Nothing()
        {
            return null;
        }

        /// <summary>What nobody read of the data's own fields.</summary>
        internal IReadOnlyDictionary<string, DaxJson> Rest()
        {
            return (_data.Value as JsonMembers)?.Rest() ?? new Dictionary<string, DaxJson>();
        }
    }
}
