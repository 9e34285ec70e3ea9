using System;
using System.Runtime.InteropServices;

namespace Daxsign
{
    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeOtherName
    {
        internal NativeBytes Oid;
        internal NativeBytes Value;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct NativeNames
    {
        internal uint StructSize;
        internal NativeBytes InstanceId;
        internal NativeBytes PartnerId;
        internal NativeBytes Environment;
        internal NativeBytes Country;
        internal NativeBytes Locality;
        internal NativeBytes Organization;
        internal NativeBytes Unit;
        internal NativeOtherName* Others;
        internal UIntPtr OtherCount;
        internal NativeBytes* DnsNames;
        internal UIntPtr DnsNameCount;
    }
}
