// The side of .NET and Mono of a handshake, as told line by line: `connect VERSION PORT HOST CERTIFICATE` or
// `serve VERSION CERTIFICATE`. It trusts `root.crt` of its folder and shows a certificate from a PKCS#12 file
// without a passphrase, or none for `-`. A line tells how it ended: `done TEXT` or `failed WHY`.
using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

internal static class Peer
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";
    private const int Patience = 20000;

    private static int Main()
    {
        for (string line = Console.ReadLine(); line != null; line = Console.ReadLine())
        {
            string[] order = line.Split(' ');
            string said;
            try
            {
                said = "done " + (order[0] == "serve" ? Serve(order) : Connect(order));
            }
            catch (Exception error) when (error is AuthenticationException || error is IOException)
            {
                said = "failed " + error.GetBaseException().Message;
            }
            Console.WriteLine(said.Replace('\n', ' '));
        }
        return 0;
    }

    private static string Connect(string[] order)
    {
        using (var client = new TcpClient())
        {
            client.Connect(IPAddress.Loopback, int.Parse(order[2]));
            string found = null;
            RemoteCertificateValidationCallback judge = (sender, certificate, chain, errors) =>
            {
                bool host = (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0;
                found = host ? Fault(certificate, ForServers) : "another host";
                return found == null;
            };
            using (var tls = new SslStream(client.GetStream(), false, judge, Shown))
            {
                tls.ReadTimeout = Patience;
                try
                {
                    tls.AuthenticateAsClient(order[3], Own(order[4]), Version(order[1]), false);
                    // With TLS 1.3 it knows only now whether it was let in.
                    return tls.SslProtocol + " " + Line(tls);
                }
                catch (AuthenticationException) when (found != null)
                {
                    throw new IOException(found);
                }
            }
        }
    }

    private static string Serve(string[] order)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(1);
        Console.WriteLine("port " + ((IPEndPoint)listener.LocalEndpoint).Port);
        try
        {
            using (TcpClient client = listener.AcceptTcpClient())
            {
                string found = "no certificate";
                RemoteCertificateValidationCallback judge = (sender, certificate, chain, errors) =>
                {
                    found = certificate == null ? "no certificate" : Fault(certificate, ForClients);
                    return found == null;
                };
                using (var tls = new SslStream(client.GetStream(), false, judge))
                {
                    tls.ReadTimeout = Patience;
                    return Greeted(tls, order, () => found);
                }
            }
        }
        finally
        {
            listener.Stop();
        }
    }

    private static string Greeted(SslStream tls, string[] order, Func<string> found)
    {
        try
        {
            tls.AuthenticateAsServer(Own(order[2])[0], true, Version(order[1]), false);
        }
        catch (AuthenticationException) when (found() != null)
        {
            throw new IOException(found());
        }
        string said = Line(tls);
        string who = tls.RemoteCertificate.Subject;
        byte[] answer = System.Text.Encoding.ASCII.GetBytes(who + "\n");
        tls.Write(answer, 0, answer.Length);
        return tls.SslProtocol + " " + who + " " + said;
    }

    private static string Line(SslStream tls)
    {
        string line = new StreamReader(tls).ReadLine();
        return line ?? throw new IOException("closed without a word");
    }

    // Shown to everybody, whoever it is that the other side trusts.
    private static X509Certificate Shown(
        object sender, string host, X509CertificateCollection own, X509Certificate remote, string[] issuers)
    {
        return own.Count == 0 ? null : own[0];
    }

    private static X509CertificateCollection Own(string shown)
    {
        var own = new X509CertificateCollection();
        if (shown != "-")
        {
            own.Add(new X509Certificate2(shown, "", X509KeyStorageFlags.Exportable));
        }
        return own;
    }

    private static SslProtocols Version(string version)
    {
        return version == "1.3" ? (SslProtocols)12288 : SslProtocols.Tls12;
    }

    // What is wrong with a certificate by the root of the folder; null for a good one.
    private static string Fault(X509Certificate shown, string purpose)
    {
        var certificate = new X509Certificate2(shown);
        var root = new X509Certificate2("root.crt");
        var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.ExtraStore.Add(root);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(purpose));
        bool good = chain.Build(certificate);
        foreach (X509ChainStatus status in chain.ChainStatus)
        {
            if (status.Status != X509ChainStatusFlags.UntrustedRoot)
            {
                return status.Status.ToString();
            }
        }
        X509Certificate2 top = chain.ChainElements[chain.ChainElements.Count - 1].Certificate;
        return good && top.Thumbprint == root.Thumbprint ? null : "another root";
    }
}
