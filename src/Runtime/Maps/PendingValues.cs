using TorchSharp.Modules;

namespace Lanyard.Maps;

/// <summary>
/// Values over those that the parameters of one module have: what an update will give them, or what they were before post-load. They are
/// seen by the methods that run over them, and by nobody else, so that a forward pass may run meanwhile.
/// </summary>
/// <param name="set">The parameters of the module.</param>
/// <param name="under">What lies between these and the live values, or null.</param>
internal sealed class PendingValues(ParameterSet set, PendingValues? under = null)
{
    private readonly PendingValue?[] _values = new PendingValue?[set.Count];

    /// <summary>The values that are put here.</summary>
    public IEnumerable<(BoundParameter Bound, PendingValue Value)> Own
    {
        get
        {
            for (var i = 0; i < _values.Length; i++)
            {
                if (_values[i] is { } value) yield return (set[i], value);
            }
        }
    }

    /// <summary>What a parameter has, seen from here.</summary>
    public PendingValue Of(BoundParameter bound) => _values[bound.Entry.Index] ?? under?.Of(bound) ?? PendingValue.Live(bound);

    /// <summary>The tensor that a parameter has, seen from here.</summary>
    public Parameter Held(BoundParameter bound) => _values[bound.Entry.Index]?.Value ?? under?.Held(bound) ?? bound.Held;

    /// <summary>Whether a tensor is what the parameter has below these values: then it is not theirs.</summary>
    public bool IsBelow(BoundParameter bound, Parameter value) => ReferenceEquals(bound.Held, value) || (under is not null && (ReferenceEquals(under.Held(bound), value) || under.IsBelow(bound, value)));

    /// <summary>Gives a parameter another value. The one before is the caller's.</summary>
    public void Put(BoundParameter bound, PendingValue value) => _values[bound.Entry.Index] = value;

    /// <summary>Forgets the value of a parameter, which is the caller's then.</summary>
    public void Take(BoundParameter bound) => _values[bound.Entry.Index] = null;

    /// <summary>Disposes and forgets all values.</summary>
    public void Drop()
    {
        foreach (var (bound, value) in Own)
        {
            if (!IsBelow(bound, value.Value)) value.Value.Dispose();
        }
        Array.Clear(_values);
    }
}
