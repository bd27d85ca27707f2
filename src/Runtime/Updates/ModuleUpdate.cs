using Lanyard.Index;
using Lanyard.Live;

namespace Lanyard.Updates;

/// <summary>
/// One module in a <see cref="WeightUpdate"/>: brings written tensors and runs the post-load methods over them. In place a
/// method runs as soon as all that it reads is there, so that no more scratch is held than one method needs.
/// </summary>
/// <param name="module">The module.</param>
/// <param name="targets">Where tensors are written.</param>
/// <param name="unknown">Whether the module was never loaded, is torn, or lacks experts that were placed there: then methods run that read nothing.</param>
internal sealed class ModuleUpdate(ModelModule module, UpdateTargets targets, bool unknown)
{
    private readonly Lock _lock = new();
    private readonly HashSet<int> _there = [];
    private readonly List<(BoundParameter Bound, bool IsDecoded, ParameterFormat? Format, bool IsWhole)> _brought = [];
    private int _next;

    /// <summary>The new values.</summary>
    public ModuleChange Change { get; } = new(module, unknown);

    /// <summary>The methods that ran, in order.</summary>
    public List<string> Runs { get; } = [];

    /// <summary>Runs the methods whose parameters have all been written, in order, and moves what they made into the live storage.</summary>
    /// <exception cref="ModelStateException">A post-load method made another shape, type or layout than before.</exception>
    public void Advance()
    {
        var methods = module.Set.Map.PostLoads;
        lock (_lock)
        {
            if (_next == methods.Length) return;
            foreach (var parameter in module.Parameters)
            {
                if (!_there.Contains(parameter.Bound.Entry.Index) && targets.Find(parameter) is { IsWhole: true } target) Bring(target);
            }
            for (; _next < methods.Length; _next++)
            {
                if (!module.Runs(_next)) continue;
                var reads = methods[_next].Reads.Where(i => module.Set[i].IsPresent).ToList();
                if (!reads.TrueForAll(_there.Contains)) return;

                // What it overwrites without reading comes first, too: nothing may be written to a value that it has replaced.
                if (methods[_next].Writes.Any(i => !_there.Contains(i) && module.Parameters[i].Formats.Exists(format => format.Tensors.Count > 0))) return;
                if (reads.Count == 0 && !unknown) continue;
                Run(_next);
                var later = methods[(_next + 1)..].SelectMany(method => method.Writes).ToHashSet();
                Change.Finish(bound => _there.Contains(bound.Entry.Index) && !later.Contains(bound.Entry.Index));
            }
        }
    }

    /// <summary>Brings what is left and runs the methods that are left. The values stay beside the live ones.</summary>
    /// <param name="methods">The methods to run, in order; those that <see cref="Advance"/> has run are passed over.</param>
    /// <param name="absent">The parameters that get the value which is declared for that.</param>
    public void Complete(IEnumerable<int> methods, IEnumerable<ModelParameter> absent)
    {
        lock (_lock)
        {
            foreach (var parameter in absent) targets.Of(parameter).FillAbsent();
            foreach (var parameter in module.Parameters)
            {
                if (targets.Find(parameter) is { } target) Bring(target);
            }
            var left = methods.Where(method => method >= _next).ToList();
            foreach (var parameter in module.Empty)
            {
                // What no tensor brings comes anew by itself.
                var isTransformed = parameter.Bound.IsTransformed && left.Exists(method => module.Set.Map.PostLoads[method].Transforms(parameter.Bound.Entry));
                var isConstant = !parameter.Bound.IsTransformed && !parameter.Formats[0].Constants.IsEmpty;
                if (isTransformed || isConstant || parameter.Bound.HasForeignPadding) Bring(targets.Of(parameter));
            }
            foreach (var method in left) Run(method);
        }
    }

    /// <summary>Enters where the new values came from, once they are there to stay.</summary>
    /// <param name="copies">Those of what was decoded.</param>
    public void Remember(CodeCopies copies)
    {
        foreach (var (bound, isDecoded, format, isWhole) in _brought)
        {
            bound.IsDecoded = isDecoded;
            copies.Give(bound, format, isWhole);
        }
    }

    private void Bring(UpdateTarget target)
    {
        _there.Add(target.Parameter.Bound.Entry.Index);
        _brought.Add((target.Parameter.Bound, target.IsDecoded, target.Format, target.IsWhole));

        target.FillConstants();

        // By reflection, something else may have been put into the property or the registry.
        if (!target.IsShadow) module.Set.Restore(target.Parameter.Bound, target.Value);
        Change.Bring(target.Parameter.Bound, target.Value, target.Form);
        targets.Release(target);
    }

    private void Run(int method)
    {
        Runs.Add(Change.Run(method));
        _there.UnionWith(module.Set.Map.PostLoads[method].Writes);
    }
}
