using System;

namespace Daxsign
{
    /// <summary>Calls a function that writes to a buffer and tells the size needed.</summary>
    internal static unsafe class Output
    {
        internal delegate int Writer(byte* buffer, UIntPtr capacity, UIntPtr* length, NativeDetail* detail);

        /// <summary>What the function wrote, from a buffer of <paramref name="size"/> bytes or, when that is too
        /// small, of the size needed.</summary>
        internal static byte[] Collect(int size, Writer writer)
        {
            while (true)
            {
                var buffer = new byte[size];
                UIntPtr length;
                NativeDetail detail = NativeDetail.New();
                int status;
                fixed (byte* start = buffer)
                {
                    status = writer(start, (UIntPtr)(uint)buffer.Length, &length, &detail);
                }
                int needed = checked((int)length.ToUInt64());
                if (status == (int)DaxSignStatus.BufferTooSmall && needed > size)
                {
                    size = needed;
                    continue;
                }
                DaxSignException.ThrowIfFailed(status, &detail);
                Array.Resize(ref buffer, needed);
                return buffer;
            }
        }
    }
}
