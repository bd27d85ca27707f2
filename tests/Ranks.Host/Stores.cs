using Lanyard.Etcd;

namespace Lanyard.Ranks;

/// <summary>The store of decisions that an argument names.</summary>
internal static class Stores
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>Opens a folder, or etcd at an address.</summary>
    public static IDecisionStore Open(string place) =>
        place.StartsWith("http://", StringComparison.Ordinal) ? new EtcdDecisionStore(place, timeout: Timeout) : new FolderDecisionStore(place);
}
