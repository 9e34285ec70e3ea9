using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace Daxsign.Testing
{
    /// <summary>The sandbox of DAX (<c>daxsign-exchange sandbox</c>), for tests: it runs until it is disposed of, or until the process
    /// that started it has ended.</summary>
    public sealed class DaxSandbox : IDisposable
    {
        private const int PatienceMilliseconds = 10000;
        private readonly Process _program;
        private readonly DaxCertificate _exchange;
        private readonly Dictionary<string, string> _variables;

        private DaxSandbox(Process program, string folder)
        {
            _program = program;
            Folder = folder;
            _exchange = DaxCertificate.LoadFile(Path.Combine(folder, "exchange.crt"));
            _variables = File.ReadAllLines(Path.Combine(folder, "env.sh")).Select(Variable)
                .ToDictionary(pair => pair.Key, pair => pair.Value);
        }

        /// <summary>The folder with everything.</summary>
        public string Folder { get; }

        /// <summary>The Alliera that allows the client everything.</summary>
        public DaxInstance Target
        {
            get { return new DaxInstance(new Guid(this["DAX_PARTNER"]), new Guid(this["DAX_INSTANCE"])); }
        }

        /// <summary>A variable of the sandbox's <c>env.sh</c>: <c>DAX_BASE</c>, <c>DAX_KEY</c>, <c>DAX_CARD_OWNER</c>.</summary>
        /// <param name="name">Its name.</param>
        /// <returns>Its value.</returns>
        public string this[string name]
        {
            get { return _variables[name]; }
        }

        /// <summary>Starts one, and waits until it is ready.</summary>
        /// <param name="program">The program, <c>daxsign-exchange</c> where it is on the path.</param>
        /// <param name="arguments">What is said behind <c>sandbox</c>: a folder, <c>--seed 7</c>.</param>
        /// <returns>The sandbox.</returns>
        /// <exception cref="InvalidOperationException">It does not get ready; it said why on standard error.</exception>
        public static DaxSandbox Start(string program = "daxsign-exchange", string arguments = "")
        {
            var start = new ProcessStartInfo(program, "sandbox --until-input-ends " + arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            Process started = Process.Start(start);
            string line = started.StandardOutput.ReadLine() ?? "";
            Match folder = Regex.Match(line, "\"dir\":(\"(?:[^\"\\\\]|\\\\.)*\")");
            if (!folder.Success)
            {
                started.WaitForExit(PatienceMilliseconds);
                throw new InvalidOperationException("the sandbox did not start; it said why on standard error");
            }
            return new DaxSandbox(started, Regex.Unescape(folder.Groups[1].Value.Trim('"')));
        }

        /// <summary>Options of a client: its address and credentials, the sandbox's authority for TLS, and its exchange, whose signature
        /// answers must have.</summary>
        /// <returns>New ones.</returns>
        public DaxClientOptions Options()
        {
            var authority = new X509Certificate2(this["DAX_CA"]);
            var password = new DaxSecret(this["DAX_PASSWORD"]);
            return new DaxClientOptions(new Uri(this["DAX_BASE"]), new Guid(this["DAX_CLIENT_ID"]), this["DAX_USER"], password)
            {
                Handler = new HttpClientHandler
                {
                    ServerCertificateCustomValidationCallback =
                        (request, shown, chain, errors) => IsBy(authority, shown, errors),
                },
                Answers = DaxAnswers.RequireSigned(_exchange.PublicKey),
            };
        }

        /// <summary>The client's key.</summary>
        /// <returns>It, to be disposed of.</returns>
        public DaxPrivateKey Key()
        {
            return DaxPrivateKey.LoadFile(this["DAX_KEY"]);
        }

        /// <summary>Ends it.</summary>
        public void Dispose()
        {
            _program.StandardInput.Close();
            if (!_program.WaitForExit(PatienceMilliseconds))
            {
                _program.Kill();
            }
            _program.Dispose();
            _exchange.Dispose();
        }

        // Issued by this authority, for this host: nothing else is trusted.
        internal static bool IsBy(X509Certificate2 authority, X509Certificate2 shown, SslPolicyErrors errors)
        {
            if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            {
                return false;
            }
            using (var chain = new X509Chain())
            {
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
                chain.ChainPolicy.ExtraStore.Add(authority);
                return chain.Build(shown) && chain.ChainElements.Cast<X509ChainElement>().Last()
                    .Certificate.RawData.SequenceEqual(authority.RawData);
            }
        }

        // export NAME=value, or 'value' with '\'' for a quote in it.
        private static KeyValuePair<string, string> Variable(string line)
        {
            string[] parts = line.Substring("export ".Length).Split(new[] { '=' }, 2);
            string value = parts[1].StartsWith("'", StringComparison.Ordinal)
                ? parts[1].Substring(1, parts[1].Length - 2).Replace("'\\''", "'")
                : parts[1];
            return new KeyValuePair<string, string>(parts[0], value);
        }
    }
}
