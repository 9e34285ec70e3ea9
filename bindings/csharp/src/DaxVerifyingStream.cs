using System;

namespace Daxsign
{
    /// <summary>A verification whose body comes in pieces. Nothing of the body may be acted on before
    /// <see cref="Finish"/> has accepted it. For one thread at a time.</summary>
    /// <remarks>A stream that refused once refuses everything that follows. One that is never disposed of frees what
    /// it holds when it is collected.</remarks>
    public sealed unsafe class DaxVerifyingStream : IDisposable
    {
        private const ulong UnknownLength = ulong.MaxValue;

        private readonly Storage _stream;
        // The native stream points to both until it is finished.
        private readonly RequestScope _scope;
        private readonly Storage.Loan _key;
        private readonly DaxReplayGuard _guard;
        private bool _disposed;

        internal DaxVerifyingStream(
            DaxPublicKey key, DaxProfile profile, DaxVerifierOptions options, DaxRequest request, long? bodyLength)
        {
            if (bodyLength < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(bodyLength), bodyLength, "A length is not negative.");
            }
            _guard = options.ReplayGuard;
            NativeTime now = DaxDate.ToNative(options.Clock());
            _key = key.Storage.Borrow();
            try
            {
                _scope = new RequestScope(request, null, options.ToNative());
                _stream = new Storage(Abi.VerifyingStreamSize);
                NativeDetail detail = NativeDetail.New();
                ulong length = bodyLength.HasValue ? (ulong)bodyLength.Value : UnknownLength;
                using (Storage.Loan stream = _stream.Borrow())
                {
                    DaxSignException.ThrowIfFailed(
                        Native.daxsign_verifying_stream_start(
                            stream.Pointer, _stream.NativeSize, _key.Pointer, _scope.Request, (uint)profile,
                            _scope.Options, &now, length, &detail),
                        &detail);
                }
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        /// <summary>Frees what a forgotten stream holds: the request's arrays would stay in their places, and the key
        /// in memory.</summary>
        ~DaxVerifyingStream()
        {
            Free();
        }

        /// <summary>Takes the next piece of the body.</summary>
        /// <param name="buffer">Holds the piece.</param>
        /// <param name="offset">Where it starts.</param>
        /// <param name="count">How many bytes it has.</param>
        /// <exception cref="DaxSignException">More bytes than declared, or a byte order mark; start anew
        /// then.</exception>
        public void Update(byte[] buffer, int offset, int count)
        {
            // Checks the range.
            var piece = new ArraySegment<byte>(buffer, offset, count);
            NativeDetail detail = NativeDetail.New();
            using (Storage.Loan stream = _stream.Borrow())
            fixed (byte* start = piece.Array)
            {
                DaxSignException.ThrowIfFailed(
                    Native.daxsign_verifying_stream_update(
                        stream.Pointer, count == 0 ? null : start + offset, (UIntPtr)(uint)count, &detail),
                    &detail);
            }
            // Until here the native stream points to the request.
            GC.KeepAlive(this);
        }

        /// <summary>The verdict, given once.</summary>
        /// <returns>What is proved.</returns>
        /// <exception cref="DaxSignException">Why the request is refused.</exception>
        public DaxVerified Finish()
        {
            DaxVerified result = null;
            using (Storage.Loan loan = _stream.Borrow())
            {
                byte* stream = loan.Pointer;
                DaxReplayGuard.With(_guard, guard =>
                {
                    NativeDetail detail = NativeDetail.New();
                    var verified = new NativeVerified { StructSize = (uint)sizeof(NativeVerified) };
                    DaxSignException.ThrowIfFailed(
                        Native.daxsign_verifying_stream_finish(stream, guard, &verified, &detail), &detail);
                    result = new DaxVerified(&verified);
                });
            }
            GC.KeepAlive(this);
            return result;
        }

        /// <summary>Frees what it holds; half-way too.</summary>
        public void Dispose()
        {
            Free();
            GC.SuppressFinalize(this);
        }

        // Of a stream whose constructor failed, parts are not there.
        private void Free()
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
            _stream?.Dispose();
            _key.Dispose();
            _scope?.Dispose();
        }
    }
}
