namespace Lanyard.Distributed.Tests.Etcd;

/// <summary>A test that starts etcd; where that cannot be had it is skipped, for the reason given.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EtcdFactAttribute : FactAttribute
{
    public EtcdFactAttribute() => Skip = EtcdServer.Lacks;
}
