using System;
using System.Collections.Generic;

namespace Daxsign
{
    /// <summary>How the fields of an answer's objects are read and written: what is missing is null, or empty where it
    /// is a list.</summary>
    internal static class JsonMembersReading
    {
        internal static T One<T>(this JsonMembers members, string name, Func<DaxJson, T> read)
            where T : class
        {
            DaxJson json = members.Take(name);
            return json == null ? null : Read(name, json, read);
        }

        internal static T? Maybe<T>(this JsonMembers members, string name, Func<DaxJson, T> read)
            where T : struct
        {
            DaxJson json = members.Take(name);
            return json == null ? (T?)null : Read(name, json, read);
        }

        internal static T Need<T>(this JsonMembers members, string name, Func<DaxJson, T> read)
        {
            return Read(name, members.Take(name) ?? throw new FormatException(name + " is missing"), read);
        }

        internal static IReadOnlyList<T> List<T>(this JsonMembers members, string name, Func<DaxJson, T> read)
        {
            DaxJson json = members.Take(name);
            return json == null ? new T[0] : Read(name, json, list => JsonAs.List(list, read));
        }

        internal static void Put<T>(this JsonMembers members, string name, T value, Func<T, DaxJson> write)
            where T : class
        {
            if (value != null)
            {
                members.Add(name, write(value));
            }
        }

        internal static void PutMaybe<T>(this JsonMembers members, string name, T? value, Func<T, DaxJson> write)
            where T : struct
        {
            if (value != null)
            {
                members.Add(name, write(value.Value));
            }
        }

        internal static void PutList<T>(
            this JsonMembers members, string name, IReadOnlyList<T> values, Func<T, DaxJson> write)
        {
            if (values != null && values.Count > 0)
            {
                members.Add(name, JsonOf.List(values, write));
            }
        }

        private static T Read<T>(string name, DaxJson json, Func<DaxJson, T> read)
        {
            try
            {
                return read(json);
            }
            catch (FormatException wrong)
            {
                throw new FormatException(name + ": " + wrong.Message);
            }
        }
    }
}
