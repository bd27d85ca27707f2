using Lanyard.Index;

namespace Lanyard.Live;

/// <summary>
/// The modules of a live model as they were loaded, one at a time: what is asked for next is mostly of the same module, and more would be a second copy of the weights. Each is
/// proven when it is undone first.
/// </summary>
/// <param name="needed">The parameters whose values are asked for.</param>
/// <param name="refusal">The exception for parameters that their undos do not bring back, by full names.</param>
internal sealed class UndoneModules(IEnumerable<ModelParameter> needed, Func<IReadOnlyList<(string Name, string Fault)>, Exception> refusal) : IDisposable
{
    private readonly ILookup<ModelModule, ModelParameter> _needed = needed.ToLookup(parameter => parameter.Module);
    private readonly HashSet<ModelModule> _checked = [];
    private UndonePostLoad? _undone;

    /// <summary>Whether the value of a parameter is asked for.</summary>
    public bool Has(ModelParameter parameter) => _needed[parameter.Module].Contains(parameter);

    /// <summary>A module; it is there until another is asked for.</summary>
    public UndonePostLoad Of(ModelModule module)
    {
        if (_undone?.Module == module) return _undone;
        _undone?.Dispose();
        _undone = null;
        var undone = Undone(module);
        if (_checked.Add(module) && Faults(undone) is { Count: > 0 } faults)
        {
            undone.Dispose();
            foreach (var other in _needed.Select(needed => needed.Key).Where(_checked.Add))
            {
                using var next = Undone(other);
                faults.AddRange(Faults(next));
            }
            throw refusal(faults);
        }
        return _undone = undone;
    }

    public void Dispose() => _undone?.Dispose();

    private UndonePostLoad Undone(ModelModule module) => new(module, [.. _needed[module]]);

    private static List<(string Name, string Fault)> Faults(UndonePostLoad undone) => [.. undone.Faults().Select(fault => (undone.Module.Prefix + fault.Key.Entry.Name, fault.Value))];
}
