using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Daxsign;

/// <summary>Every method of every type, read out of the assembly, with null for each argument, and with each object
/// that can be disposed of: "empty" is never taken for "not wanted".</summary>
internal static class Emptied
{
    /// <summary>Where null has a meaning of its own that the documentation tells.</summary>
    private static readonly HashSet<string> NullIsGood = new HashSet<string>
    {
        "DaxContext.Content(context)", "DaxRequest.set_Body(value)", "DaxSigningOptions.set_Components(value)",
        "DaxVerifierOptions.set_ReplayGuard(value)",
        "DaxCallOptions.set_Context(value)", "DaxCallOptions.set_IdempotencyKey(value)",
        "DaxRawOperation.set_Body(value)", "DaxClientOptions.set_Scope(value)",
        // Refused when the request is written.
        "DaxCertificateRequest.set_Environment(value)", "DaxCertificateRequest.set_Country(value)",
        "DaxCertificateRequest.set_Locality(value)", "DaxCertificateRequest.set_Organization(value)",
        "DaxCertificateRequest.set_Unit(value)",
        "DaxClientOptions.set_Handler(value)", "DaxClientOptions.set_Ended(value)", "DaxLocalTime.Equals(other)", "DaxUtcTime.Equals(other)",
    };

    /// <summary>What is known without the object's memory.</summary>
    private static readonly HashSet<string> Facts = new HashSet<string>
    {
        "DaxPublicKey.get_ModulusBits", "DaxPublicKey.get_Exponent", "DaxPublicKey.get_NotBefore",
        "DaxPublicKey.get_NotAfter", "RsaSigner.get_ModulusBits", "RsaSigner.get_PublicKey",
        "DaxKeyPair.get_PrivateKey", "DaxKeyPair.get_PublicKey", "DaxCertificate.get_Thumbprint",
        "DaxCertificate.get_Sha256Thumbprint", "DaxCertificate.get_Subject", "DaxCertificate.get_Issuer",
        "DaxCertificate.get_SerialNumber", "DaxCertificate.get_PublicKey", "DaxCertificate.get_NotBefore",
        "DaxCertificate.get_NotAfter", "DaxCertificate.TimeLeft",
    };

    private static string _keys;
    private static string _pfx;

    internal static void Run(string keys, string pfx)
    {
        _keys = keys;
        _pfx = pfx;
        foreach (Type type in typeof(DaxSigner).Assembly.GetExportedTypes())
        {
            if (type.IsEnum || type.IsInterface || typeof(Exception).IsAssignableFrom(type))
            {
                continue;
            }
            // What is null of an operation or an object is left out of the request, or refused when it is called.
            if (type.Namespace == "Daxsign.Api" || type.IsAbstract && !type.IsSealed || type.ContainsGenericParameters)
            {
                continue;
            }
            foreach (ConstructorInfo made in type.GetConstructors())
            {
                Nulls(type, made, arguments => made.Invoke(arguments));
                Disposed(type, made, arguments => made.Invoke(arguments));
            }
            foreach (MethodInfo method in type.GetMethods(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            {
                Method(type, method);
            }
        }
    }

    private static void Method(Type type, MethodInfo method)
    {
        string name = type.Name + "." + method.Name;
        if (method.ContainsGenericParameters)
        {
            return;
        }
        Func<object[], object> call =
            arguments => method.Invoke(method.IsStatic ? null : Good(type), arguments);
        Nulls(type, method, call);
        Disposed(type, method, call);
        if (!method.IsStatic && typeof(IDisposable).IsAssignableFrom(type) && method.Name != "Dispose")
        {
            object gone = Gone(type);
            object[] arguments = Array.ConvertAll(method.GetParameters(), each => Good(each.ParameterType));
            if (Facts.Contains(name))
            {
                method.Invoke(gone, arguments);
                Program.Checks++;
            }
            else
            {
                Refused<ObjectDisposedException>(() => method.Invoke(gone, arguments), name);
            }
        }
    }

    /// <summary>Null in the place of each argument.</summary>
    private static void Nulls(Type type, MethodBase method, Func<object[], object> call)
    {
        ParameterInfo[] parameters = method.GetParameters();
        for (int i = 0; i < parameters.Length; i++)
        {
            Type kind = parameters[i].ParameterType;
            string name = type.Name + "." + method.Name + "(" + parameters[i].Name + ")";
            bool mayBeNull = kind.IsValueType || parameters[i].IsOptional || NullIsGood.Contains(name);
            object[] arguments = Array.ConvertAll(parameters, each => Good(each.ParameterType));
            arguments[i] = null;
            if (!mayBeNull)
            {
                Refused<ArgumentNullException>(() => call(arguments), name + " null");
            }
        }
    }

    /// <summary>In the place of each argument an object that was disposed of: refused at once, or by what was made
    /// of it.</summary>
    private static void Disposed(Type type, MethodBase method, Func<object[], object> call)
    {
        ParameterInfo[] parameters = method.GetParameters();
        for (int i = 0; i < parameters.Length; i++)
        {
            Type kind = parameters[i].ParameterType;
            string name = type.Name + "." + method.Name + "(" + parameters[i].Name + ") disposed";
            if (kind != typeof(RSA) && kind.Assembly != typeof(DaxSigner).Assembly
                || !(typeof(IDisposable).IsAssignableFrom(kind) || kind == typeof(IExternalSigner)
                    || kind == typeof(DaxVerifierOptions)))
            {
                continue;
            }
            object[] arguments = Array.ConvertAll(parameters, each => Good(each.ParameterType));
            arguments[i] = Gone(kind);
            // Of the options only the guard can be empty, which explaining does not use.
            if (type == typeof(DaxExplanation) && kind == typeof(DaxVerifierOptions))
            {
                continue;
            }
            Refused<ObjectDisposedException>(() => Use(call(arguments), arguments), name);
        }
    }

    /// <summary>Uses what was made of the arguments.</summary>
    private static void Use(object made, object[] arguments)
    {
        if (made is DaxSigner)
        {
            ((DaxSigner)made).Sign(Errors.Post());
        }
        else if (made is DaxVerifier)
        {
            ((DaxVerifier)made).Verify(Sent());
        }
        else if (made == null && arguments.Length == 1 && arguments[0] is DaxReplayGuard)
        {
            // Set as an option.
            new DaxVerifier(
                (DaxPublicKey)Good(typeof(DaxPublicKey)), DaxProfile.Documented,
                new DaxVerifierOptions { Clock = Noon, ReplayGuard = (DaxReplayGuard)arguments[0] }).Verify(Sent());
        }
    }

    private static void Refused<T>(Action action, string what) where T : Exception
    {
        Program.Checks++;
        try
        {
            action();
        }
        catch (Exception error)
        {
            Exception inner = error is TargetInvocationException ? error.InnerException : error;
            if (inner is T)
            {
                return;
            }
            throw new Exception(what + " gave " + inner);
        }
        throw new Exception(what + ": nothing was thrown");
    }

    private static DateTimeOffset Noon()
    {
        return new DateTimeOffset(2020, 5, 17, 12, 44, 30, TimeSpan.Zero);
    }

    private static DaxPrivateKey Key()
    {
        return DaxPrivateKey.LoadFile(Path.Combine(_keys, "rsa2048.pkcs8.pem"));
    }

    private static DaxRequest Sent()
    {
        DaxRequest request = Errors.Post();
        return request.With("Signature", new DaxSigner(Key(), DaxProfile.Documented).Sign(request));
    }

    private static DaxCertificateRequest Asked()
    {
        return new DaxCertificateRequest("01234567-89ab-cdef-0123-456789abcdef", "7f8c2b1a-0000-4000-8000-00000000abcd")
        {
            Country = "SE", Locality = "Gothenburg", Organization = "Partner Name", Unit = "IS/IT",
        };
    }

    /// <summary>Something good of a type.</summary>
    private static object Good(Type type)
    {
        if (type == typeof(DaxPrivateKey)) return Key();
        if (type == typeof(DaxPublicKey)) return Key().PublicKey();
        if (type == typeof(DaxKeyPair)) return DaxKeyPair.Generate();
        if (type == typeof(DaxCertificate)) return DaxCertificate.Load(Certificate().RawData);
        if (type == typeof(DaxCertificateRequest)) return Asked();
        if (type == typeof(DaxReplayGuard)) return new DaxReplayGuard(4);
        if (type == typeof(DaxVerifierOptions)) return new DaxVerifierOptions { Clock = Noon };
        if (type == typeof(DaxVerifier))
        {
            return new DaxVerifier(Key().PublicKey(), DaxProfile.Documented, new DaxVerifierOptions { Clock = Noon });
        }
        if (type == typeof(DaxVerifyingStream)) return ((DaxVerifier)Good(typeof(DaxVerifier))).Start(Sent());
        if (type == typeof(DaxVerified)) return ((DaxVerifier)Good(typeof(DaxVerifier))).Verify(Sent());
        if (type == typeof(DaxExplanation)) return DaxExplanation.Explain(Key().PublicKey(), Sent());
        if (type == typeof(DaxSigner)) return new DaxSigner(Key(), DaxProfile.Documented);
        if (type == typeof(DaxRequest)) return Sent();
        if (type == typeof(DaxCallbackReceiver))
        {
            return new DaxCallbackReceiver(new[] { Key().PublicKey() }, "text", 4, Noon);
        }
        if (type == typeof(DaxSecret)) return new DaxSecret("text");
        if (type == typeof(DaxRawOperation)) return new DaxRawOperation("GET", "/contracts");
        if (type == typeof(string[])) return new[] { "text" };
        if (type == typeof(Uri)) return new Uri("https://dax.example");
        if (type == typeof(DaxClientOptions))
        {
            return new DaxClientOptions(new Uri("https://dax.example"), Guid.Empty, "text", new DaxSecret("text"));
        }
        if (type == typeof(DaxClient))
        {
            return new DaxClient(
                (DaxClientOptions)Good(typeof(DaxClientOptions)), new DaxSigner(Key(), DaxProfile.Documented));
        }
        if (type == typeof(DaxAnswers)) return DaxAnswers.Any;
        if (type == typeof(DaxLocalTime)) return new DaxLocalTime(new DateTime(2020, 5, 17));
        if (type == typeof(DaxUtcTime)) return new DaxUtcTime(Noon());
        if (type == typeof(DaxHeader)) return new DaxHeader("X-Id", "1");
        if (type == typeof(DaxSigningHandler)) return new DaxSigningHandler(new DaxSigner(Key(), DaxProfile.Documented));
        if (type == typeof(RsaSigner) || type == typeof(IExternalSigner)) return RsaSigner.FromCertificate(Certificate());
        if (type == typeof(X509Certificate2)) return Certificate();
        if (type == typeof(RSA)) return Certificate().GetRSAPrivateKey();
        if (type == typeof(HttpMessageHandler)) return new HttpClientHandler();
        if (type == typeof(Func<DateTimeOffset>)) return (Func<DateTimeOffset>)Noon;
        if (type == typeof(DaxProfile)) return DaxProfile.Documented;
        if (type == typeof(byte[])) return new byte[NativeDigest];
        if (type == typeof(string)) return "text";
        if (type == typeof(int)) return 1;
        if (type == typeof(IReadOnlyList<string>)) return new[] { "(request-target)", "date" };
        return type.IsValueType ? Activator.CreateInstance(type) : type.GetConstructor(Type.EmptyTypes)?.Invoke(null);
    }

    private const int NativeDigest = 32;

    private static X509Certificate2 Certificate()
    {
        return new X509Certificate2(_pfx, "test");
    }

    /// <summary>Something of a type that was disposed of, or that holds such a guard.</summary>
    private static object Gone(Type type)
    {
        object gone = Good(type);
        if (gone is DaxVerifierOptions)
        {
            ((DaxVerifierOptions)gone).ReplayGuard = (DaxReplayGuard)Gone(typeof(DaxReplayGuard));
            return gone;
        }
        ((IDisposable)gone).Dispose();
        return gone;
    }
}
