using System;
using Microsoft.Extensions.Logging;

namespace Daxsign
{
    /// <summary>Logs the calls of a <see cref="DaxClient"/>: method, path, status, duration and correlation id, never a
    /// body, a token, a query or a text of the server's.</summary>
    public static class DaxClientLog
    {
        /// <summary>The category of <c>AddDaxClient</c>.</summary>
        public const string Category = "Daxsign.DaxClient";

        /// <summary>The event of a call that ended well: <see cref="LogLevel.Information"/>.</summary>
        public static readonly EventId Called = new EventId(1, nameof(Called));

        /// <summary>The event of a call that failed: <see cref="LogLevel.Warning"/>, with <c>Kind</c>.</summary>
        public static readonly EventId CallFailed = new EventId(2, nameof(CallFailed));

        /// <summary>For <see cref="DaxClientOptions.Ended"/>.</summary>
        /// <param name="logger">Where to.</param>
        /// <returns>What logs a call.</returns>
        public static Action<DaxCallReport> To(ILogger logger)
        {
            if (logger == null)
            {
                throw new ArgumentNullException(nameof(logger));
            }
            return report =>
            {
                try
                {
                    Log(logger, report);
                }
                catch (Exception)
                {
                    // The call was made: a log that fails must not make it look as if it had failed, and be repeated.
                }
            };
        }

        private static void Log(ILogger logger, DaxCallReport report)
        {
            if (report.Kind == null)
            {
                logger.Log(
                    LogLevel.Information, Called,
                    "{Request}: {Status} after {Milliseconds} ms, correlation id {CorrelationId}",
                    report.Request, report.Status, Milliseconds(report), report.CorrelationId);
                return;
            }
            logger.Log(
                LogLevel.Warning, CallFailed,
                "{Request}: {Kind}, {Status} after {Milliseconds} ms, correlation id {CorrelationId}",
                report.Request, report.Kind, report.Status, Milliseconds(report), report.CorrelationId);
        }

        private static long Milliseconds(DaxCallReport report)
        {
            return (long)report.Duration.TotalMilliseconds;
        }
    }
}
