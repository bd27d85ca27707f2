using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Lanyard.Server;

/// <summary>Whether the model answers: the whole of it, since the root may be loaded and its experts torn.</summary>
internal sealed class ModelHealth(Served served) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = served.Model.Status();
        return Task.FromResult(status.IsReady ? HealthCheckResult.Healthy($"{status}") : HealthCheckResult.Unhealthy($"{status}"));
    }
}
