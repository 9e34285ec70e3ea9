using System;
using System.Collections.Generic;
using System.Globalization;

namespace Daxsign
{
    /// <summary>The types of the API as JSON.</summary>
    internal static class JsonOf
    {
        internal static DaxJson Text(string value)
        {
            return DaxJson.Of(value);
        }

        internal static DaxJson Secret(DaxSecret value)
        {
            return DaxJson.Of(value?.Reveal());
        }

        internal static DaxJson Bool(bool value)
        {
            return DaxJson.Of(value);
        }

        internal static DaxJson Int32(int value)
        {
            return DaxJson.Of(new JsonNumber(value));
        }

        internal static DaxJson Int64(long value)
        {
            return DaxJson.Of(new JsonNumber(value));
        }

        internal static DaxJson Number(double value)
        {
            if (double.IsNaN(value) || double.IsInfinity(value))
            {
                throw new ArgumentException("JSON has no number " + value.ToString(CultureInfo.InvariantCulture) + ".");
            }
            return DaxJson.Of(new JsonNumber(value));
        }

        internal static DaxJson Guid(Guid value)
        {
            return DaxJson.Of(value.ToString());
        }

        internal static DaxJson LocalTime(DaxLocalTime value)
        {
            return DaxJson.Of(value?.ToString());
        }

        internal static DaxJson UtcTime(DaxUtcTime value)
        {
            return DaxJson.Of(value?.ToString());
        }

        internal static DaxJson Bytes(byte[] value)
        {
            return DaxJson.Of(value == null ? null : Convert.ToBase64String(value));
        }

        internal static DaxJson Json(DaxJson value)
        {
            return value ?? DaxJson.Null;
        }

        internal static DaxJson Word(DaxWord value)
        {
            return DaxJson.Of(value?.ToString());
        }

        internal static DaxJson Object(DaxObject value)
        {
            if (value == null)
            {
                return DaxJson.Null;
            }
            var members = new JsonMembers();
            value.WriteAll(members);
            return DaxJson.Of(members);
        }

        internal static DaxJson Texts(IReadOnlyDictionary<string, string> value)
        {
            return Map(value, Text);
        }

        internal static DaxJson Secrets(IReadOnlyDictionary<string, DaxSecret> value)
        {
            return Map(value, Secret);
        }

        internal static DaxJson List<T>(IEnumerable<T> values, Func<T, DaxJson> write)
        {
            var list = new List<DaxJson>();
            foreach (T value in values ?? new T[0])
            {
                list.Add(write(value));
            }
            return DaxJson.Of(list);
        }

        private static DaxJson Map<T>(IReadOnlyDictionary<string, T> value, Func<T, DaxJson> write)
        {
            var members = new JsonMembers();
            foreach (KeyValuePair<string, T> pair in value ?? new Dictionary<string, T>())
            {
                members.Add(pair.Key, write(pair.Value));
            }
            return DaxJson.Of(members);
        }
    }
}
