using System.Collections.Generic;

namespace Daxsign
{
    /// <summary>An object of the API.</summary>
    public abstract class DaxObject
    {
        /// <summary>Fields that the API's description does not know, as they came; they are sent back
        /// unchanged.</summary>
        public IReadOnlyDictionary<string, DaxJson> Unknown { get; internal set; } = new Dictionary<string, DaxJson>();

        internal abstract void Write(JsonMembers members);

        internal void WriteAll(JsonMembers members)
        {
            Write(members);
            foreach (KeyValuePair<string, DaxJson> field in Unknown)
            {
                members.Add(field.Key, field.Value);
            }
        }
    }
}
