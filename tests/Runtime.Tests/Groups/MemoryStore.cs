using System.Collections.Concurrent;

namespace Lanyard.Tests.Groups;

/// <summary>Decisions in memory, with a hand on every call.</summary>
internal sealed class MemoryStore : IDecisionStore
{
    private readonly ConcurrentDictionary<string, string> _records = new(StringComparer.Ordinal);

    /// <summary>Called before every call with what it is and the name: it may throw.</summary>
    public Action<string, string>? Before { get; set; }

    /// <summary>Called after every call.</summary>
    public Action<string, string>? After { get; set; }

    public ICollection<string> Names => _records.Keys;

    public string? Find(string name, CancellationToken cancellationToken = default)
    {
        Before?.Invoke("find", name);
        var record = _records.GetValueOrDefault(name);
        After?.Invoke("find", name);
        return record;
    }

    public string Create(string name, string record, CancellationToken cancellationToken = default)
    {
        Before?.Invoke("create", name);
        var there = _records.GetOrAdd(name, record);
        After?.Invoke("create", name);
        return there;
    }

    /// <summary>A store that is away while a condition holds.</summary>
    public void AwayWhile(Func<string, string, bool> condition) => Before = (call, name) =>
    {
        if (condition(call, name)) throw new DecisionStoreException("in memory", "it is away.");
    };
}
