using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Daxsign
{
    /// <summary>A request in the native form, for the time of a call: the arrays are held in their places, nothing
    /// is copied.</summary>
    internal sealed unsafe class RequestScope : IDisposable
    {
        private readonly List<GCHandle> _held = new List<GCHandle>();
        private IntPtr _memory;

        internal RequestScope(DaxRequest request, IEnumerable<string> components, NativeOptions options)
        {
            if (request == null)
            {
                throw new ArgumentNullException(nameof(request));
            }
            int count = request.Headers.Count;
            int size = sizeof(NativeRequest) + sizeof(NativeBytes) + sizeof(NativeOptions)
                + checked(count * sizeof(NativeField));
            _memory = Marshal.AllocHGlobal(size);
            try
            {
                Request = (NativeRequest*)_memory;
                NativeField* fields = (NativeField*)(Request + 1);
                NativeBytes* list = (NativeBytes*)(fields + count);
                Options = (NativeOptions*)(list + 1);
                Fill(request, fields, count);
                if (components != null)
                {
                    *list = Hold(Text.Bytes(Join(components)));
                    Components = list;
                }
                options.StructSize = (uint)sizeof(NativeOptions);
                *Options = options;
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        internal NativeRequest* Request { get; }

        /// <summary>NULL for the default list.</summary>
        internal NativeBytes* Components { get; }

        internal NativeOptions* Options { get; }

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

        private void Fill(DaxRequest request, NativeField* fields, int count)
        {
            Request->StructSize = (uint)sizeof(NativeRequest);
            Request->Method = Hold(Text.Bytes(request.Method));
            Request->Target = Hold(Text.Bytes(request.Target));
            Request->Fields = count == 0 ? null : fields;
            Request->FieldCount = (UIntPtr)(uint)count;
            Request->Body = Hold(request.Body);
            for (int i = 0; i < count; i++)
            {
                fields[i].Name = Hold(Text.Bytes(request.Headers[i].Name));
                fields[i].Value = Hold(request.Headers[i].Value);
            }
        }

        private NativeBytes Hold(byte[] bytes)
        {
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

        private static string Join(IEnumerable<string> components)
        {
            var names = new List<string>();
            foreach (string name in components)
            {
                // Joined by spaces it would become other names.
                if (string.IsNullOrEmpty(name) || name.IndexOf(' ') >= 0)
                {
                    throw new DaxSignException(
                        DaxSignStatus.InvalidComponent,
                        "invalid-component: `" + name + "`, number " + (names.Count + 1) + " of the list, is no HTTP "
                        + "field name; give each name as an entry of its own.",
                        name ?? "");
                }
                names.Add(name);
            }
            return string.Join(" ", names);
        }
    }
}
