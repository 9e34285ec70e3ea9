using System;

namespace Daxsign
{
    /// <summary>Remembers the requests that were accepted, so that each is accepted once. Any number of threads and
    /// verifiers may share one guard; they take turns.</summary>
    /// <remarks>It never forgets an accepted request that is still fresh: when it is full it refuses new ones with
    /// <see cref="DaxSignStatus.ReplayGuardFull"/>. It lives in memory: after a restart wait as long as the window
    /// before accepting requests, or some of the last window could be replayed. Several processes behind one address
    /// need one guard between them, which this is not.</remarks>
    public sealed unsafe class DaxReplayGuard : IDisposable
    {
        private readonly Storage _storage;

        /// <summary>An empty guard.</summary>
        /// <param name="capacity">How many requests may be fresh at one time: the requests per second, times twice the
        /// window in seconds. Each takes 48 bytes.</param>
        public DaxReplayGuard(int capacity)
        {
            if (capacity < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "A guard needs room for a request.");
            }
            _storage = new Storage(checked(Abi.ReplayGuardSize + capacity * Abi.ReplayEntrySize));
            NativeDetail detail = NativeDetail.New();
            using (Storage.Loan loan = _storage.Borrow())
            {
                // The entries stand behind the guard in one piece of memory, which never moves.
                DaxSignException.ThrowIfFailed(
                    Native.daxsign_replay_guard_start(
                        loan.Pointer, (UIntPtr)(uint)Abi.ReplayGuardSize,
                        loan.Pointer + Abi.ReplayGuardSize, (UIntPtr)(uint)capacity, &detail),
                    &detail);
            }
        }

        internal delegate void Use(byte* guard);

        /// <summary>How many requests it remembers now.</summary>
        public int Count
        {
            get
            {
                UIntPtr count;
                NativeDetail detail = NativeDetail.New();
                lock (_storage)
                {
                    using (Storage.Loan loan = _storage.Borrow())
                    {
                        DaxSignException.ThrowIfFailed(
                            Native.daxsign_replay_guard_count(loan.Pointer, &count, &detail), &detail);
                    }
                }
                return (int)count.ToUInt32();
            }
        }

        /// <summary>Frees the guard, once no call uses it any more.</summary>
        public void Dispose()
        {
            _storage.Dispose();
        }

        /// <summary>Calls with a guard that no other thread uses; with NULL for none.</summary>
        internal static void With(DaxReplayGuard guard, Use use)
        {
            if (guard == null)
            {
                use(null);
                return;
            }
            lock (guard._storage)
            {
                using (Storage.Loan loan = guard._storage.Borrow())
                {
                    use(loan.Pointer);
                }
            }
        }
    }
}
