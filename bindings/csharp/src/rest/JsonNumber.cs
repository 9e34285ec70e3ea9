using System.Globalization;

namespace Daxsign
{
    /// <summary>A number with all of its digits, as it is written.</summary>
    internal sealed class JsonNumber
    {
        internal JsonNumber(string text)
        {
            Text = text;
        }

        internal JsonNumber(long number)
            : this(number.ToString(CultureInfo.InvariantCulture))
        {
        }

        internal JsonNumber(double number)
            : this(number.ToString("R", CultureInfo.InvariantCulture))
        {
        }

        internal string Text { get; }
    }
}
