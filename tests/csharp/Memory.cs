using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Threading;
using Daxsign;

/// <summary>What becomes of keys, and several threads on one key.</summary>
internal static class Memory
{
    private static int _seen;
    private static bool _zero;

    internal static void Run(string keys)
    {
        // The only look inside: there is no other way to see memory that is no longer in use.
        FieldInfo hook = typeof(DaxSigner).Assembly.GetType("Daxsign.Storage")
            .GetField("BeforeFree", BindingFlags.Static | BindingFlags.NonPublic);
        hook.SetValue(null, new Action<IntPtr, int>(Look));
        DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa4096.pkcs8.pem"));
        var signer = new DaxSigner(key, DaxProfile.Documented);
        signer.Sign(Errors.Post());
        key.Dispose();
        Program.Equal(1, _seen, "freed at once");
        Program.True(_zero, "wiped");
        key.Dispose();
        Program.Equal(1, _seen, "freed once");
        Program.Throws<ObjectDisposedException>(() => signer.Sign(Errors.Post()), "disposed");
        Program.Throws<ObjectDisposedException>(() => key.PublicKey(), "disposed");
        Program.Throws<DaxSignException>(() => DaxPrivateKey.FromPem("no key"), "no key");
        Program.Equal(2, _seen, "freed after a refusal");
        Forget(keys);
        Collect(30);
        // A collector may keep the last one that the stack still shows.
        Program.True(_seen >= 30, "forgotten keys are wiped too: " + _seen);
        Program.True(_zero, "wiped by the finalizer");
        int before = _seen;
        ForgetStreams(keys);
        // Of each stream its own storage and the key's.
        Collect(before + 60);
        Program.True(_seen >= before + 60, "forgotten streams are freed with their keys: " + (_seen - before));
        Program.True(_zero, "wiped");
        // Their arrays go with the next collection.
        for (int i = 0; i < 50 && Alive() > 10; i++)
        {
            GC.Collect();
            Thread.Sleep(10);
        }
        Program.True(Alive() <= 10, "requests of forgotten streams are held: " + Alive());
    }

    private static readonly List<WeakReference> _alive = new List<WeakReference>();

    private static int Alive()
    {
        return _alive.FindAll(each => each.IsAlive).Count;
    }

    private static void Collect(int wanted)
    {
        for (int i = 0; i < 50 && _seen < wanted; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }
    }

    /// <summary>Streams that were started, some of them fed, and never disposed of.</summary>
    private static void ForgetStreams(string keys)
    {
        var thread = new Thread(() =>
        {
            for (int i = 0; i < 40; i++)
            {
                DaxPublicKey key = DaxPublicKey.LoadFile(Path.Combine(keys, "rsa2048.public-pkcs1.pem"));
                DaxRequest request = Errors.Post();
                using (DaxPrivateKey signs = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa2048.pkcs8.der")))
                {
                    request.With("Signature", new DaxSigner(signs, DaxProfile.Documented).Sign(request));
                }
                var options = new DaxVerifierOptions { Clock = () => DaxDate.Parse("2020-05-17T12:45:00Z") };
                DaxVerifyingStream stream = new DaxVerifier(key, DaxProfile.Documented, options).Start(request);
                if (i % 2 == 0) stream.Update(new byte[0], 0, 0);
                _alive.Add(new WeakReference(request.Body));
            }
        });
        thread.Start();
        thread.Join();
    }

    private static void Forget(string keys)
    {
        var thread = new Thread(() =>
        {
            for (int i = 0; i < 40; i++)
            {
                DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa2048.pkcs8.der"));
            }
        });
        thread.Start();
        thread.Join();
    }

    private static void Look(IntPtr start, int size)
    {
        bool zero = size > 0;
        for (int i = 0; i < size; i++)
        {
            zero &= System.Runtime.InteropServices.Marshal.ReadByte(start, i) == 0;
        }
        _zero = zero;
        Interlocked.Increment(ref _seen);
    }

    internal static void Threads(string keys)
    {
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa2048.pkcs8.pem")))
        using (DaxPublicKey publicKey = key.PublicKey())
        using (var guard = new DaxReplayGuard(1000))
        {
            var signer = new DaxSigner(key, DaxProfile.Documented);
            string expected = signer.Sign(Errors.Post());
            var verifier = new DaxVerifier(publicKey, DaxProfile.Documented, new DaxVerifierOptions
            {
                ReplayGuard = guard,
                Clock = () => DaxDate.Parse("2020-05-17T12:45:00Z"),
            });
            int accepted = 0, replayed = 0, signed = 0;
            var threads = new Thread[8];
            for (int t = 0; t < threads.Length; t++)
            {
                threads[t] = new Thread(() =>
                {
                    for (int i = 0; i < 20; i++)
                    {
                        if (signer.Sign(Errors.Post()) == expected) Interlocked.Increment(ref signed);
                        var request = new DaxRequest("GET", "/" + i).With("Date", "2020-05-17T12:44:30Z");
                        request.With("Signature", signer.Sign(request));
                        try
                        {
                            verifier.Verify(request);
                            Interlocked.Increment(ref accepted);
                        }
                        catch (DaxSignException error) when (error.Status == DaxSignStatus.Replayed)
                        {
                            Interlocked.Increment(ref replayed);
                        }
                    }
                });
            }
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Program.Equal(160, signed, "equal signatures");
            Program.Equal(20, accepted, "accepted once");
            Program.Equal(140, replayed, "replayed");
            Program.Equal(20, guard.Count, "remembered");
        }
    }
}
