using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Daxsign;
using Daxsign.Api;

/// <summary>Calls the tests' REST server: a scenario for each line of a file, and a line with what came of it. What
/// arrived is judged outside of this program.</summary>
internal static class Rest
{
    private const int AtOnce = 32;
    private const int Workers = 8;

    internal static async Task Run(string file)
    {
        // Nobody listens there: what is not encrypted must go straight.
        Environment.SetEnvironmentVariable("http_proxy", "http://127.0.0.1:1");
        using (var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)))
        {
            foreach (string line in File.ReadAllLines(file, Encoding.UTF8))
            {
                string said = await Play(Told(line));
                output.WriteLine(said.Replace('\n', ' ').Replace('\r', ' '));
            }
        }
    }

    /// <summary>Calls every operation, with a value for each of its properties, read out of the assembly.</summary>
    internal static async Task Operations(string file)
    {
        Dictionary<string, string> told = Told(File.ReadAllLines(file, Encoding.UTF8)[0]);
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(told["key"]))
        using (HttpClientHandler handler = Handler(told))
        using (var client = new DaxClient(Options(told, handler), DaxSigner.Observed(key)))
        {
            foreach (Type type in typeof(ListContracts).Assembly.GetExportedTypes())
            {
                Type given = Given(type);
                if (given != null && !type.IsAbstract && type.Namespace == typeof(ListContracts).Namespace)
                {
                    object operation = Samples.Of(type);
                    MethodInfo call = typeof(DaxClient).GetMethod("CallAsync").MakeGenericMethod(given);
                    await (Task)call.Invoke(client, new[] { operation, null, CancellationToken.None });
                    Program.Checks++;
                }
            }
        }
    }

    /// <summary>Many calls of one client, several at once; what is kept after them was there after the first.</summary>
    internal static async Task Load(string file)
    {
        const int Warm = 500;
        const int Calls = 2000;
        // A leak of 100 bytes a call is found.
        const long MaxGrowth = (Calls - Warm) * 100;
        Dictionary<string, string> told = Told(File.ReadAllLines(file, Encoding.UTF8)[0]);
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(told["key"]))
        using (var client = new DaxClient(Options(told, null), DaxSigner.Observed(key)))
        {
            await Many(client, Warm);
            long before = GC.GetTotalMemory(true);
            int files = Directory.GetFiles("/proc/self/fd").Length;
            await Many(client, Calls - Warm);
            long grown = GC.GetTotalMemory(true) - before;
            Program.True(grown < MaxGrowth, grown + " bytes more after " + Calls + " calls");
            int more = Directory.GetFiles("/proc/self/fd").Length - files;
            // Connections that are open for the first time, and no more.
            Program.True(more <= Workers, more + " more open files");
        }
    }

    private static async Task Many(DaxClient client, int calls)
    {
        int left = calls;
        var workers = new List<Task>();
        for (int i = 0; i < Workers; i++)
        {
            workers.Add(Task.Run(async () =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    await Contracts(client, new DaxCallOptions());
                }
            }));
        }
        await Task.WhenAll(workers);
    }

    /// <summary>What an operation returns; null for what is none.</summary>
    private static Type Given(Type type)
    {
        while (type != null && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(DaxOperation<>)))
        {
            type = type.BaseType;
        }
        return type?.GetGenericArguments()[0];
    }

    private static Dictionary<string, string> Told(string line)
    {
        var told = new Dictionary<string, string>();
        foreach (string pair in line.Split('\t'))
        {
            int equals = pair.IndexOf('=');
            told[pair.Substring(0, equals)] = pair.Substring(equals + 1);
        }
        return told;
    }

    private static async Task<string> Play(Dictionary<string, string> told)
    {
        try
        {
            using (DaxPrivateKey key = DaxPrivateKey.LoadFile(told["key"]))
            using (HttpClientHandler handler = Handler(told))
            using (var client = new DaxClient(Options(told, handler), Signer(told, key)))
            {
                int? items = await Call(client, told);
                return "ok\t\t" + items + "\t";
            }
        }
        catch (DaxApiException error)
        {
            return Kebab(error.Kind.ToString()) + "\t" + error.Status + "\t\t" + error.Message;
        }
        catch (Exception error)
        {
            return "thrown\t\t\t" + error;
        }
    }

    private static DaxSigner Signer(Dictionary<string, string> told, DaxPrivateKey key)
    {
        return told["preset"] == "documented" ? new DaxSigner(key, DaxProfile.Documented) : DaxSigner.Observed(key);
    }

    private static DaxClientOptions Options(Dictionary<string, string> told, HttpMessageHandler handler)
    {
        var options = new DaxClientOptions(
            new Uri(told["base"]), new Guid(told["client_id"]), told["user"], new DaxSecret(told["password"]))
        {
            Handler = handler,
        };
        DaxPublicKey exchange = DaxPublicKey.FromCertificate(File.ReadAllBytes(told["exchange"]));
        switch (told["answers"])
        {
            case "verify-if-signed": options.Answers = DaxAnswers.VerifyIfSigned(exchange); break;
            case "require-signed": options.Answers = DaxAnswers.RequireSigned(exchange); break;
        }
        return options;
    }

    /// <summary>Null, for the client's own, where nothing has to be set.</summary>
    private static HttpClientHandler Handler(Dictionary<string, string> told)
    {
        if (told["tls"] != "true")
        {
            return null;
        }
        var handler = new HttpClientHandler { UseProxy = false };
        var authority = new X509Certificate2(told["ca"]);
        handler.ServerCertificateCustomValidationCallback =
            (message, certificate, chain, errors) => certificate.Issuer == authority.Subject;
        if (told["certificate"].Length > 0)
        {
            handler.ClientCertificates.Add(new X509Certificate2(told["certificate"], "test"));
        }
        return handler;
    }

    private static async Task<int?> Call(DaxClient client, Dictionary<string, string> told)
    {
        var target = new DaxInstance(new Guid(told["partner"]), new Guid(told["instance"]));
        var somebody = new Guid("00000000-0000-4000-8000-000000000001");
        var options = new DaxCallOptions();
        if (told["context"].Length > 0)
        {
            options.Context = told["context"];
        }
        if (told["timeout_ms"].Length > 0)
        {
            options.Timeout = TimeSpan.FromMilliseconds(int.Parse(told["timeout_ms"]));
        }
        switch (told["call"])
        {
            case "contracts":
                return await Contracts(client, options);
            case "contracts-twice":
                await Contracts(client, options);
                await Task.Delay(100);
                return await Contracts(client, options);
            case "contracts-at-once":
                var calls = new List<Task<int>>();
                for (int i = 0; i < AtOnce; i++)
                {
                    calls.Add(Task.Run(() => Contracts(client, options)));
                }
                await Task.WhenAll(calls);
                return AtOnce;
            case "card-owners":
                return await CardOwners(client, new ListCardOwners(target) { Limit = 50 }, options);
            case "card-owner":
                DaxResponse<CardOwner> owner = await client.CallAsync(new GetCardOwner(target, somebody), options);
                return owner.Data == null ? throw new Exception("no card owner") : (int?)null;
            case "create-card-owner":
                var attributes = new Dictionary<string, string> { { "Floor", "2" } };
                await client.CallAsync(new CreateCardOwner(target, attributes, "Öberg", 17, "Åsa \"A\""), options);
                return null;
            case "open-door":
                await client.CallAsync(new OpenCardOwnerDoor(target, somebody, somebody), options);
                return null;
            case "token":
                await client.LogInAsync();
                return null;
            default:
                throw new Exception("no call " + told["call"]);
        }
    }

    private static async Task<int> CardOwners(DaxClient client, ListCardOwners list, DaxCallOptions options)
    {
#if NET8_0_OR_GREATER
        int count = 0;
        await foreach (CardOwner owner in client.ItemsAsync(list, options))
        {
            count += owner == null ? throw new Exception("no card owner") : 1;
        }
        return count;
#else
        return (await client.AllAsync(list, options)).Count;
#endif
    }

    private static async Task<int> Contracts(DaxClient client, DaxCallOptions options)
    {
        DaxResponse<IReadOnlyList<Contract>> response = await client.CallAsync(new ListContracts(), options);
        if (response.Context != options.Context || response.CorrelationId == null)
        {
            throw new Exception("the context is " + response.Context);
        }
        return response.Data.Count;
    }

    /// <summary><c>NotFound</c> is <c>not-found</c>.</summary>
    private static string Kebab(string name)
    {
        var kebab = new StringBuilder();
        foreach (char character in name)
        {
            if (char.IsUpper(character) && kebab.Length > 0)
            {
                kebab.Append('-');
            }
            kebab.Append(char.ToLowerInvariant(character));
        }
        return kebab.ToString();
    }
}
