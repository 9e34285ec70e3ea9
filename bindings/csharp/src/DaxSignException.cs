using System;

namespace Daxsign
{
    /// <summary>A request, a signature, a key or a call was refused. The message says what was wrong, where, and
    /// what to do; it never holds a secret.</summary>
    public sealed class DaxSignException : Exception
    {
        private const int MessageSize = 512;

        internal DaxSignException(DaxSignStatus status, string message, string field = "")
            : base(message)
        {
            Status = status;
            Field = field;
            Found = "";
        }

        private unsafe DaxSignException(int status, NativeDetail* detail, string message)
            : base(message)
        {
            Status = (DaxSignStatus)status;
            Problem = (DaxSignProblem)detail->Problem;
            Position = checked((int)detail->Position);
            Offset = unchecked((long)detail->Offset);
            Needed = unchecked((long)detail->Needed);
            FoundNumber = unchecked((long)detail->Found);
            Field = Text.Of(detail->Name);
            Found = Text.Of(detail->Text);
        }

        /// <summary>What was refused.</summary>
        public DaxSignStatus Status { get; }

        /// <summary>The status's name, the same in every language: <c>missing-header</c>.</summary>
        public string StatusName
        {
            get { return NameOf(Status); }
        }

        /// <summary>The exact reason, where the status has several.</summary>
        public DaxSignProblem Problem { get; }

        /// <summary>Which one, counted from 1: the entry of the component list, the field among those of its
        /// name, or the line of a message; else 0.</summary>
        public int Position { get; }

        /// <summary>The first byte that does not belong, counted from 0: in the method, target, value, date, body,
        /// <c>Signature</c> value or DER.</summary>
        public long Offset { get; }

        /// <summary>What is needed or allowed: a size or length in bytes, the window in seconds, or of
        /// a field that is repeated the line of the first; else 0.</summary>
        public long Needed { get; }

        /// <summary>What was found instead, as a number: the declared length, the key's bits, the age or lead in
        /// seconds, the guard's capacity; else 0.</summary>
        public long FoundNumber { get; }

        /// <summary>The field, component, parameter or argument concerned; else empty.</summary>
        public string Field { get; }

        /// <summary>What was found instead, as a text: a charset, realm, algorithm or kind of key; else
        /// empty.</summary>
        public string Found { get; }

        /// <summary>The name of a status.</summary>
        /// <param name="status">Any status.</param>
        /// <returns>Its name, such as <c>invalid-date</c>; <c>unknown</c> for a number that is none.</returns>
        public static unsafe string NameOf(DaxSignStatus status)
        {
            if (status == DaxSignStatus.AbiMismatch)
            {
                // Said of a library that must not be asked.
                return "abi-mismatch";
            }
            Abi.Ensure();
            return Text.Of(Native.daxsign_status_name((int)status));
        }

        internal static unsafe void ThrowIfFailed(int status, NativeDetail* detail)
        {
            ThrowIfFailed(status, detail, null, -1);
        }

        /// <summary>The same for what enrolling refuses, which has words of its own.</summary>
        internal static unsafe void ThrowIfEnrollingFailed(int status, NativeDetail* detail)
        {
            if (status == (int)DaxSignStatus.Ok)
            {
                return;
            }
            byte* message = stackalloc byte[MessageSize];
            UIntPtr length = UIntPtr.Zero;
            int written = Native.daxsign_enrolling_message(detail, message, (UIntPtr)(uint)MessageSize, &length);
            throw Said(status, detail, written, message, length);
        }

        /// <summary>The same for a message as bytes.</summary>
        internal static unsafe void ThrowIfReadingFailed(int status, NativeDetail* detail)
        {
            if (status == (int)DaxSignStatus.Ok)
            {
                return;
            }
            byte* message = stackalloc byte[MessageSize];
            UIntPtr length = UIntPtr.Zero;
            int written = Native.daxsign_reading_message(detail, message, (UIntPtr)(uint)MessageSize, &length);
            throw Said(status, detail, written, message, length);
        }

        /// <summary>The same for a key file, of which the message says what it is, where that is
        /// known.</summary>
        internal static unsafe void ThrowIfFailed(int status, NativeDetail* detail, byte* file, int fileLength)
        {
            if (status == (int)DaxSignStatus.Ok)
            {
                return;
            }
            byte* message = stackalloc byte[MessageSize];
            UIntPtr length = UIntPtr.Zero;
            int written = fileLength < 0
                ? Native.daxsign_detail_message(detail, message, (UIntPtr)(uint)MessageSize, &length)
                : Native.daxsign_key_file_message(
                    detail, file, (UIntPtr)(uint)fileLength, message, (UIntPtr)(uint)MessageSize, &length);
            throw Said(status, detail, written, message, length);
        }

        private static unsafe DaxSignException Said(
            int status, NativeDetail* detail, int written, byte* message, UIntPtr length)
        {
            string text = written == (int)DaxSignStatus.Ok && detail->Status == status
                ? Text.Of(message, (int)length.ToUInt32())
                : Text.Of(Native.daxsign_status_message(status));
            string name = Text.Of(Native.daxsign_status_name(status));
            return new DaxSignException(status, detail, name + ": " + text);
        }
    }
}
