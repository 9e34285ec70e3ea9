using System.Collections.Generic;
using System.Text;

namespace Daxsign
{
    /// <summary>Writes JSON without blanks.</summary>
    internal static class JsonWriter
    {
        private const char FirstPrintable = ' ';

        internal static string Write(DaxJson value)
        {
            var text = new StringBuilder();
            Value(text, value);
            return text.ToString();
        }

        private static void Value(StringBuilder text, DaxJson json)
        {
            object value = json.Value;
            if (value is string)
            {
                String(text, (string)value);
            }
            else if (value is JsonMembers)
            {
                Object(text, (JsonMembers)value);
            }
            else if (value is IReadOnlyList<DaxJson>)
            {
                List(text, (IReadOnlyList<DaxJson>)value);
            }
            else if (value is bool)
            {
                text.Append((bool)value ? "true" : "false");
            }
            else
            {
                text.Append((value as JsonNumber)?.Text ?? "null");
            }
        }

        private static void Object(StringBuilder text, JsonMembers members)
        {
            string before = "{";
            foreach (KeyValuePair<string, DaxJson> member in members.All)
            {
                text.Append(before);
                String(text, member.Key);
                text.Append(':');
                Value(text, member.Value);
                before = ",";
            }
            text.Append(members.All.Count == 0 ? "{}" : "}");
        }

        private static void List(StringBuilder text, IReadOnlyList<DaxJson> items)
        {
            string before = "[";
            foreach (DaxJson item in items)
            {
                text.Append(before);
                Value(text, item);
                before = ",";
            }
            text.Append(items.Count == 0 ? "[]" : "]");
        }

        private static void String(StringBuilder text, string value)
        {
            text.Append('"');
            foreach (char character in value)
            {
                if (character == '"' || character == '\\')
                {
                    text.Append('\\').Append(character);
                }
                else if (character < FirstPrintable)
                {
                    text.Append("\\u").Append(((int)character).ToString("x4"));
                }
                else
                {
                    text.Append(character);
                }
            }
            text.Append('"');
        }
    }
}
