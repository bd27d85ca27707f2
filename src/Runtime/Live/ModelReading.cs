using Lanyard.Maps;
using TorchSharp;

namespace Lanyard;

/// <summary>
/// A time in which the values of a model do not change: a commit waits until it ends. Made by <see cref="ReadingExtensions.Read(IParameterModule, long?, CancellationToken)"/>; there may be many at
/// a time, in any threads, and one within another.
/// </summary>
public sealed class ModelReading : IDisposable
{
    private readonly GateHold _hold;

    internal ModelReading(IReadOnlyList<ParameterSet> roots, long? generation, CancellationToken cancellationToken)
    {
        foreach (var root in roots) root.Neighbours.Link(root);
        _hold = ModelGate.Read([.. roots.Select(root => root.Gate)], cancellationToken);
        try
        {
            foreach (var root in roots)
            {
                root.CheckNotDisposed();
                if (root.State is not (ModelState.Loaded or ModelState.Building)) throw Unreadable.Because(root, root.Map.Type);
            }
            Generation = roots.Sum(root => root.Generation);
            Version = roots.Select(root => root.Version).Distinct().Count() == 1 ? roots[0].Version : null;
            if (generation is { } asked && asked != Generation) throw new StaleGenerationException(string.Join(", ", roots.Select(root => root.Map.Type)), asked, Generation);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Ends a reading that was forgotten.</summary>
    ~ModelReading() => _hold?.Dispose();

    /// <summary>The model's <see cref="ParameterSet.Generation"/> meanwhile.</summary>
    public long Generation { get; }

    /// <summary>The model's <see cref="ParameterSet.Version"/> meanwhile.</summary>
    public string? Version { get; }

    /// <summary>
    /// Says that what this flow of control does until the result is disposed is done within the reading, which another one has begun: a worker that runs the passes of
    /// somebody's answer. Readings that it begins do not wait for a commit then that waits for this one.
    /// </summary>
    /// <returns>What ends that; the reading goes on.</returns>
    /// <exception cref="InvalidOperationException">The reading has ended.</exception>
    public IDisposable Enter() => ModelGate.Enter(_hold);

    /// <summary>Ends the reading, from whatever thread.</summary>
    public void Dispose()
    {
        _hold.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The outermost modules with maps: the module itself, or those in it.</summary>
    internal static IReadOnlyList<ParameterSet> Roots(torch.nn.Module module)
    {
        if (module is IParameterModule known) return [known.Parameters];
        var roots = new List<ParameterSet>();
        foreach (var (_, child) in module.named_children()) roots.AddRange(Roots(child));
        return [.. roots.Distinct()];
    }
}
