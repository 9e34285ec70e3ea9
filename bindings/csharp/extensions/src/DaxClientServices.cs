using System;
using Daxsign;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Registers a <see cref="DaxClient"/> for dependency injection.</summary>
    /// <remarks>It is one for the process, as it shares its token and its connections between calls; the container
    /// disposes of it. What options and signer take from the container, such as the key, is the container's too. Calls
    /// are logged (<see cref="DaxClientLog"/>) where logging is registered.</remarks>
    public static class DaxClientServices
    {
        /// <summary>Registers the client.</summary>
        /// <param name="services">Where.</param>
        /// <param name="options">Where it calls and as whom; called once, when the client is first asked for. Give
        /// new options each time.</param>
        /// <param name="signer">How it signs; called once, too.</param>
        /// <returns><paramref name="services"/>.</returns>
        public static IServiceCollection AddDaxClient(
            this IServiceCollection services,
            Func<IServiceProvider, DaxClientOptions> options,
            Func<IServiceProvider, DaxSigner> signer)
        {
            Check(services, options, signer);
            return services.AddSingleton(provider => Client(provider, options, signer));
        }

        /// <summary>Registers one of several clients, for <c>[FromKeyedServices(key)]</c>.</summary>
        /// <param name="services">Where.</param>
        /// <param name="key">By what it is asked for, such as its exchange's name.</param>
        /// <param name="options">Where it calls and as whom; called once, when the client is first asked for. Give
        /// new options each time.</param>
        /// <param name="signer">How it signs; called once, too.</param>
        /// <returns><paramref name="services"/>.</returns>
        public static IServiceCollection AddKeyedDaxClient(
            this IServiceCollection services,
            object key,
            Func<IServiceProvider, DaxClientOptions> options,
            Func<IServiceProvider, DaxSigner> signer)
        {
            Check(services, options, signer);
            if (key == null)
            {
                throw new ArgumentNullException(nameof(key));
            }
            return services.AddKeyedSingleton(key, (provider, _) => Client(provider, options, signer));
        }

        private static void Check(
            IServiceCollection services,
            Func<IServiceProvider, DaxClientOptions> options,
            Func<IServiceProvider, DaxSigner> signer)
        {
            if (services == null)
            {
                throw new ArgumentNullException(nameof(services));
            }
            if (options == null)
            {
                throw new ArgumentNullException(nameof(options));
            }
            if (signer == null)
            {
                throw new ArgumentNullException(nameof(signer));
            }
        }

        private static DaxClient Client(
            IServiceProvider provider,
            Func<IServiceProvider, DaxClientOptions> options,
            Func<IServiceProvider, DaxSigner> signer)
        {
            DaxClientOptions made = options(provider)
                ?? throw new InvalidOperationException("AddDaxClient: the options are null.");
            DaxSigner signs = signer(provider)
                ?? throw new InvalidOperationException("AddDaxClient: the signer is null.");
            if (provider.GetService(typeof(ILoggerFactory)) is ILoggerFactory logs)
            {
                // Beside what else is told of calls.
                made.Ended += DaxClientLog.To(logs.CreateLogger(DaxClientLog.Category));
            }
            return new DaxClient(made, signs);
        }
    }
}
