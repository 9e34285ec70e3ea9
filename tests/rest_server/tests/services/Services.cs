using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daxsign;
using Daxsign.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

/// <summary>A service with a client of its container's: one for the process, logged, disposed of. Prints how many checks
/// it made.</summary>
internal static class Services
{
    private static int checks;

    private static async Task<int> Main(string[] arguments)
    {
        Environment.CurrentDirectory = arguments[4];
        string password = arguments[3];
        var logs = new Logs();
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(logs);
        Page.Register(services, arguments[0], new Guid(arguments[1]), arguments[2], password);
        int told = 0;
        services.AddKeyedDaxClient(
            "nowhere",
            _ => new DaxClientOptions(
                // Nobody listens there.
                new Uri("http://127.0.0.1:1"), Guid.Empty, "nobody", new DaxSecret(password))
            {
                Ended = report => told++,
            },
            provider => DaxSigner.Observed(provider.GetRequiredService<DaxPrivateKey>()));
        DaxClient client;
        DaxPrivateKey key;
        using (var container = new Container(services))
        {
            client = container.GetRequiredService<DaxClient>();
            key = container.GetRequiredService<DaxPrivateKey>();
            Check(ReferenceEquals(client, container.GetRequiredService<DaxClient>()), "one for the process");
            var answer = await client.CallAsync(new ListContracts());
            Log log = logs.Written.Single();
            Check(log.Level == LogLevel.Information && log.Event == DaxClientLog.Called, "a good call");
            Check(log.Category == DaxClientLog.Category, log.Category);
            Check(log.Text.StartsWith("GET /api/v2.0/contracts: 200 after "), log.Text);
            Check(log.Text.EndsWith(answer.CorrelationId), log.Text);
            Check(Equals(log.Fields["Status"], 200) && log.Fields["Milliseconds"] is long, "fields for a search");

            var nowhere = container.GetRequiredKeyedService<DaxClient>("nowhere");
            Check(!ReferenceEquals(client, nowhere), "another client");
            DaxErrorKind? kind = null;
            try
            {
                await nowhere.CallAsync(new ListCallbacks { Limit = 7 });
            }
            catch (DaxApiException error)
            {
                kind = error.Kind;
            }
            Check(kind == DaxErrorKind.Unreachable, "nobody there: " + kind);
            Check(told == 1, "what the options already told is told too");
            log = logs.Written.Last();
            Check(logs.Written.Count == 2 && log.Level == LogLevel.Warning, "a failed call");
            Check(log.Event == DaxClientLog.CallFailed && Equals(log.Fields["Kind"], kind), log.Text);
            Check(log.Text.StartsWith("GET /api/v2.0/callbacks: Unreachable, "), log.Text);
        }
        foreach (Log log in logs.Written)
        {
            string all = log.Text + string.Concat(log.Fields.Values);
            Check(!all.Contains(password) && !all.Contains("Bearer") && !all.Contains("limit"), all);
        }
        await Disposed(() => client.CallAsync(new ListContracts()));
        await Disposed(() => Task.FromResult(new DaxSigner(key, DaxProfile.VendorSdk).Sign(
            new DaxRequest("GET", "/").With("Host", "a").With("Date", "2026-01-01T00:00:00Z"))));
        Console.WriteLine("checks " + checks);
        return 0;
    }

    private static async Task Disposed(Func<Task> use)
    {
        bool disposed = false;
        try
        {
            await use();
        }
        catch (ObjectDisposedException)
        {
            disposed = true;
        }
        Check(disposed, "the container disposed of it");
    }

    private static void Check(bool condition, string what)
    {
        checks++;
        if (!condition)
        {
            throw new Exception(what);
        }
    }

    private sealed class Log
    {
        internal string Category;
        internal LogLevel Level;
        internal EventId Event;
        internal string Text;
        internal Dictionary<string, object> Fields;
    }

    private sealed class Logs : ILoggerFactory
    {
        internal readonly List<Log> Written = new List<Log>();

        public ILogger CreateLogger(string category)
        {
            return new Logger { Category = category, Logs = this };
        }

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Logger : ILogger
    {
        internal string Category;
        internal Logs Logs;

        public IDisposable BeginScope<T>(T state)
        {
            return null;
        }

        public bool IsEnabled(LogLevel level)
        {
            return true;
        }

        public void Log<T>(LogLevel level, EventId id, T state, Exception error, Func<T, Exception, string> text)
        {
            var fields = (IEnumerable<KeyValuePair<string, object>>)state;
            Logs.Written.Add(new Log
            {
                Category = Category,
                Level = level,
                Event = id,
                Text = text(state, error),
                Fields = fields.ToDictionary(field => field.Key, field => field.Value),
            });
        }
    }

    /// <summary>Stands in for Microsoft's container, as far as singletons made by functions go: its package is not to
    /// be had where these tests run.</summary>
    private sealed class Container : IKeyedServiceProvider, IDisposable
    {
        private readonly IServiceCollection _services;
        private readonly Dictionary<ServiceDescriptor, object> _made = new Dictionary<ServiceDescriptor, object>();
        private readonly Stack<IDisposable> _disposables = new Stack<IDisposable>();

        internal Container(IServiceCollection services)
        {
            _services = services;
        }

        public object GetService(Type type)
        {
            return Get(_services.LastOrDefault(service => service.ServiceType == type && !service.IsKeyedService));
        }

        public object GetKeyedService(Type type, object key)
        {
            return Get(_services.LastOrDefault(
                service => service.ServiceType == type && Equals(service.ServiceKey, key)));
        }

        public object GetRequiredKeyedService(Type type, object key)
        {
            return GetKeyedService(type, key) ?? throw new InvalidOperationException("no " + type + " " + key);
        }

        public void Dispose()
        {
            while (_disposables.Count > 0)
            {
                _disposables.Pop().Dispose();
            }
        }

        private object Get(ServiceDescriptor service)
        {
            if (service == null || _made.TryGetValue(service, out object made))
            {
                return service == null ? null : _made[service];
            }
            if (service.Lifetime != ServiceLifetime.Singleton)
            {
                throw new InvalidOperationException(service.ServiceType + " is no singleton");
            }
            // What it was given is not its own to dispose of.
            bool given = !service.IsKeyedService && service.ImplementationInstance != null;
            made = given ? service.ImplementationInstance
                : service.IsKeyedService ? service.KeyedImplementationFactory(this, service.ServiceKey)
                : service.ImplementationFactory(this);
            _made[service] = made;
            if (!given && made is IDisposable disposable)
            {
                _disposables.Push(disposable);
            }
            return made;
        }
    }
}
