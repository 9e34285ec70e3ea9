using System;
using System.Runtime.InteropServices;

namespace Daxsign
{
    // The structs of daxsign.h. Those that start with a size are refused by a library that was built with
    // another one.

    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct NativeBytes
    {
        internal byte* Data;
        internal UIntPtr Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeField
    {
        internal NativeBytes Name;
        internal NativeBytes Value;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct NativeRequest
    {
        internal uint StructSize;
        internal NativeBytes Method;
        internal NativeBytes Target;
        internal NativeField* Fields;
        internal UIntPtr FieldCount;
        internal NativeBytes Body;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeOptions
    {
        internal uint StructSize;
        internal uint TargetForm;
        internal uint Content;
        internal uint Policy;
        internal uint Window;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct NativeDetail
    {
        internal const int TextSize = 48;

        internal uint StructSize;
        internal int Status;
        internal uint Problem;
        internal uint Position;
        internal ulong Offset;
        internal ulong Needed;
        internal ulong Found;
        internal fixed byte Name[TextSize];
        internal fixed byte Text[TextSize];

        internal static NativeDetail New()
        {
            return new NativeDetail { StructSize = (uint)sizeof(NativeDetail) };
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeTime
    {
        internal long Seconds;
        internal uint Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeKeyInfo
    {
        internal uint StructSize;
        internal uint Kind;
        internal uint Encoding;
        internal uint ModulusBits;
        internal uint Exponent;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct NativeSigner
    {
        internal uint StructSize;
        internal uint ModulusBits;
        internal IntPtr Context;
        internal IntPtr SignDigest;
        internal byte* PublicKey;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct NativeVerified
    {
        internal uint StructSize;
        internal NativeTime Date;
        internal NativeBytes Components;
        internal fixed byte StringHash[DigestSize];

        internal const int DigestSize = 32;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct NativeExplanation
    {
        internal uint StructSize;
        internal uint Finding;
        internal uint Profile;
        internal fixed byte Digest[NativeVerified.DigestSize];
        internal fixed byte Name[360];
        internal ulong Budget;
        internal ulong Searched;
        internal uint Complete;
        internal uint Reserved;
    }
}
