using System;
using System.Text;

namespace Daxsign
{
    /// <summary>Dates as a <c>Date</c> field of DAX has them: ISO 8601, not the form of RFC 1123.</summary>
    public static unsafe class DaxDate
    {
        private const int Size = 29;
        private static readonly long EpochTicks = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        private static readonly long FirstSecond = ToNative(DateTimeOffset.MinValue).Seconds;
        private static readonly long LastSecond = ToNative(DateTimeOffset.MaxValue).Seconds;

        /// <summary>Writes a date: <c>2020-05-17T12:44:30.2437457Z</c>.</summary>
        /// <param name="time">The point in time; written in UTC with all of its seven digits.</param>
        /// <returns>28 characters.</returns>
        public static string Format(DateTimeOffset time)
        {
            Abi.Ensure();
            NativeTime native = ToNative(time);
            byte[] text = Output.Collect(Size, (buffer, capacity, length, detail) =>
            {
                NativeTime copy = native;
                return Native.daxsign_date_format(&copy, buffer, capacity, length, detail);
            });
            return Encoding.ASCII.GetString(text);
        }

        /// <summary>Reads a date: <c>YYYY-MM-DDTHH:MM:SS</c>, optionally a point and 1 to 9 digits, then <c>Z</c> or
        /// <c>±hh:mm</c>. More than seven digits are cut off; what lies outside the years 1 to 9999 in UTC is the first
        /// or last that a <see cref="DateTimeOffset"/> can hold.</summary>
        /// <param name="text">The field's value.</param>
        /// <returns>The point in time, in UTC.</returns>
        /// <exception cref="DaxSignException"><see cref="DaxSignStatus.InvalidDate"/>.</exception>
        public static DateTimeOffset Parse(string text)
        {
            Abi.Ensure();
            byte[] bytes = Text.Bytes(text ?? throw new ArgumentNullException(nameof(text)));
            NativeTime time;
            NativeDetail detail = NativeDetail.New();
            fixed (byte* start = bytes)
            {
                DaxSignException.ThrowIfFailed(
                    Native.daxsign_date_parse(start, (UIntPtr)(uint)bytes.Length, &time, &detail), &detail);
            }
            return FromNative(time);
        }

        internal static NativeTime ToNative(DateTimeOffset time)
        {
            long ticks = time.UtcTicks - EpochTicks;
            long seconds = ticks / TimeSpan.TicksPerSecond;
            long rest = ticks % TimeSpan.TicksPerSecond;
            if (rest < 0)
            {
                seconds--;
                rest += TimeSpan.TicksPerSecond;
            }
            return new NativeTime { Seconds = seconds, Nanoseconds = (uint)(rest * 100) };
        }

        internal static DateTimeOffset FromNative(NativeTime time)
        {
            // A date with a zone, or one of the year 0, can lie outside the years 1 to 9999 in UTC.
            if (time.Seconds < FirstSecond)
            {
                return DateTimeOffset.MinValue;
            }
            if (time.Seconds > LastSecond)
            {
                return DateTimeOffset.MaxValue;
            }
            long ticks = EpochTicks + time.Seconds * TimeSpan.TicksPerSecond + time.Nanoseconds / 100;
            return new DateTimeOffset(ticks, TimeSpan.Zero);
        }
    }
}
