using System;
using System.Collections.Generic;
using System.Globalization;

namespace Daxsign
{
    /// <summary>JSON values as the types of the API. What cannot be read throws <see cref="FormatException"/>.</summary>
    internal static class JsonAs
    {
        internal static string Text(DaxJson json)
        {
            // Servers differ in what they quote.
            return json.Value as string ?? (json.Value as JsonNumber)?.Text ?? throw Wrong("a text", json);
        }

        internal static DaxSecret Secret(DaxJson json)
        {
            return new DaxSecret(Text(json));
        }

        internal static bool Bool(DaxJson json)
        {
            return json.Value as bool? ?? throw Wrong("true or false", json);
        }

        internal static int Int32(DaxJson json)
        {
            int number;
            return int.TryParse(Text(json), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
                ? number
                : throw Wrong("a whole number of 32 bits", json);
        }

        internal static long Int64(DaxJson json)
        {
            long number;
            return long.TryParse(Text(json), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
                ? number
                : throw Wrong("a whole number of 64 bits", json);
        }

        internal static double Number(DaxJson json)
        {
            double number;
            return double.TryParse(Text(json), NumberStyles.Float, CultureInfo.InvariantCulture, out number)
                ? number
                : throw Wrong("a number", json);
        }

        internal static Guid Guid(DaxJson json)
        {
            Guid id;
            return System.Guid.TryParse(Text(json), out id) ? id : throw Wrong("a GUID", json);
        }

        internal static DaxLocalTime LocalTime(DaxJson json)
        {
            return DaxLocalTime.AsReceived(Text(json));
        }

        internal static DaxUtcTime UtcTime(DaxJson json)
        {
            return DaxUtcTime.AsReceived(Text(json));
        }

        internal static byte[] Bytes(DaxJson json)
        {
            return Convert.FromBase64String(Text(json));
        }

        internal static DaxJson Json(DaxJson json)
        {
            return json;
        }

        internal static IReadOnlyDictionary<string, string> Texts(DaxJson json)
        {
            return Map(json, Text);
        }

        internal static IReadOnlyDictionary<string, DaxSecret> Secrets(DaxJson json)
        {
            return Map(json, Secret);
        }

        internal static IReadOnlyList<T> List<T>(DaxJson json, Func<DaxJson, T> read)
        {
            var list = new List<T>();
            foreach (DaxJson item in json.Value as IReadOnlyList<DaxJson> ?? throw Wrong("a list", json))
            {
                list.Add(read(item));
            }
            return list;
        }

        internal static JsonMembers Object(DaxJson json)
        {
            return json.Value as JsonMembers ?? throw Wrong("an object", json);
        }

        private static IReadOnlyDictionary<string, T> Map<T>(DaxJson json, Func<DaxJson, T> read)
            where T : class
        {
            var map = new Dictionary<string, T>();
            foreach (KeyValuePair<string, DaxJson> member in Object(json).All)
            {
                map[member.Key] = member.Value.Value == null ? null : read(member.Value);
            }
            return map;
        }

        private static FormatException Wrong(string wanted, DaxJson found)
        {
            return new FormatException(found.Kind + " instead of " + wanted);
        }
    }
}
