using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Daxsign
{
    /// <summary>The names of a certificate request in the native form, for the time of a call.</summary>
    internal sealed unsafe class NamesScope : IDisposable
    {
        private readonly List<GCHandle> _held = new List<GCHandle>();
        private IntPtr _memory;

        internal NamesScope(DaxCertificateRequest request)
        {
            int others = request.OtherNames.Count;
            int hosts = request.DnsNames.Count;
            _memory = Marshal.AllocHGlobal(
                checked(sizeof(NativeNames) + others * sizeof(NativeOtherName) + hosts * sizeof(NativeBytes)));
            try
            {
                Names = (NativeNames*)_memory;
                *Names = new NativeNames
                {
                    StructSize = (uint)sizeof(NativeNames),
                    InstanceId = Hold(request.InstanceId),
                    PartnerId = Hold(request.PartnerId),
                    Environment = Hold(request.Environment),
                    Country = Hold(request.Country),
                    Locality = Hold(request.Locality),
                    Organization = Hold(request.Organization),
                    Unit = Hold(request.Unit),
                    Others = (NativeOtherName*)(Names + 1),
                    OtherCount = (UIntPtr)(uint)others,
                    DnsNames = (NativeBytes*)((NativeOtherName*)(Names + 1) + others),
                    DnsNameCount = (UIntPtr)(uint)hosts,
                };
                for (int at = 0; at < others; at++)
                {
                    Names->Others[at].Oid = Hold(request.OtherNames[at].Key);
                    Names->Others[at].Value = Hold(request.OtherNames[at].Value);
                }
                for (int at = 0; at < hosts; at++)
                {
                    Names->DnsNames[at] = Hold(request.DnsNames[at]);
                }
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        internal NativeNames* Names { get; }

        public void Dispose()
        {
            foreach (GCHandle held in _held)
            {
                held.Free();
            }
            _held.Clear();
            Marshal.FreeHGlobal(_memory);
            _memory = IntPtr.Zero;
        }

        /// <summary>Nothing for null, which the native library refuses by the field's name.</summary>
        private NativeBytes Hold(string text)
        {
            byte[] bytes = Text.Bytes(text ?? "");
            var result = new NativeBytes();
            if (bytes.Length > 0)
            {
                GCHandle held = GCHandle.Alloc(bytes, GCHandleType.Pinned);
                _held.Add(held);
                result.Data = (byte*)held.AddrOfPinnedObject();
                result.Length = (UIntPtr)(uint)bytes.Length;
            }
            return result;
        }
    }
}
