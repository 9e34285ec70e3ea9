using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Daxsign
{
    /// <summary>The bytes of a key file, held in their place and overwritten at the end.</summary>
    internal sealed class KeyFile : IDisposable
    {
        private GCHandle _held;

        /// <summary>Room for so many bytes.</summary>
        internal KeyFile(int length)
        {
            Bytes = new byte[length];
            _held = GCHandle.Alloc(Bytes, GCHandleType.Pinned);
        }

        internal byte[] Bytes { get; }

        internal static KeyFile Read(string path)
        {
            using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1))
            {
                var file = new KeyFile(checked((int)stream.Length));
                try
                {
                    file.Fill(stream, path);
                    return file;
                }
                catch
                {
                    file.Dispose();
                    throw;
                }
            }
        }

        private void Fill(Stream stream, string path)
        {
            int read = 0;
            while (read < Bytes.Length)
            {
                int piece = stream.Read(Bytes, read, Bytes.Length - read);
                if (piece == 0)
                {
                    throw new EndOfStreamException("The key file `" + path + "` ended while it was read.");
                }
                read += piece;
            }
        }

        internal static KeyFile OfText(string text)
        {
            var file = new KeyFile(System.Text.Encoding.UTF8.GetByteCount(text));
            System.Text.Encoding.UTF8.GetBytes(text, 0, text.Length, file.Bytes, 0);
            return file;
        }

        public void Dispose()
        {
            Array.Clear(Bytes, 0, Bytes.Length);
            _held.Free();
        }
    }
}
