using System;
using System.Runtime.InteropServices;

namespace Daxsign
{
    /// <summary>Aligned memory outside the managed heap, where nothing moves or copies it. It is overwritten with
    /// zeros before it is freed.</summary>
    internal sealed unsafe class Storage : SafeHandle
    {
        /// <summary>For tests: sees the storage after it was overwritten, before it is freed.</summary>
        internal static Action<IntPtr, int> BeforeFree = null;

        private readonly IntPtr _allocated;

        internal Storage(int size) : base(IntPtr.Zero, true)
        {
            Abi.Ensure();
            Size = size;
            _allocated = Marshal.AllocHGlobal(checked(size + Abi.Alignment - 1));
            long aligned = (_allocated.ToInt64() + Abi.Alignment - 1) & -Abi.Alignment;
            SetHandle(new IntPtr(aligned));
            Clear();
        }

        internal int Size { get; }

        internal UIntPtr NativeSize
        {
            get { return (UIntPtr)(uint)Size; }
        }

        public override bool IsInvalid
        {
            get { return handle == IntPtr.Zero; }
        }

        /// <summary>The storage for the time of one call: it is not freed before the loan ends.</summary>
        internal Loan Borrow()
        {
            return new Loan(this);
        }

        protected override bool ReleaseHandle()
        {
            Clear();
            BeforeFree?.Invoke(handle, Size);
            Marshal.FreeHGlobal(_allocated);
            return true;
        }

        private void Clear()
        {
            byte* start = (byte*)handle;
            for (int i = 0; i < Size; i++)
            {
                start[i] = 0;
            }
        }

        /// <summary>Keeps the storage alive; throws <see cref="ObjectDisposedException"/> where it is freed.</summary>
        internal struct Loan : IDisposable
        {
            private Storage _storage;

            internal Loan(Storage storage)
            {
                bool taken = false;
                storage.DangerousAddRef(ref taken);
                _storage = storage;
                Pointer = (byte*)storage.DangerousGetHandle();
            }

            internal byte* Pointer { get; }

            public void Dispose()
            {
                // Null in a loan that was never made.
                _storage?.DangerousRelease();
            }
        }
    }
}
