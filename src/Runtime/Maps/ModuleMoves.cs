using System.ComponentModel;
using Lanyard.Maps;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace Lanyard;

/// <summary>Called by the generated <c>_toEpilog</c>: what TorchSharp does by reflection, done without.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ModuleMoves
{
    /// <summary>Checks that nothing owns a module or anything below it, before the first value is converted, and keeps readers out until the result is disposed.</summary>
    /// <exception cref="ModelStateException">A load, a refit or an export is under way, or the caller reads the model itself.</exception>
    /// <exception cref="ObjectDisposedException">The module was disposed.</exception>
    public static IDisposable Begin(torch.nn.Module module)
    {
        var sets = new List<ParameterSet>();
        Check(module, sets);
        return new Conversion(sets);
    }

    private static void Check(torch.nn.Module module, List<ParameterSet> sets)
    {
        if (module is IParameterModule { Parameters: var set })
        {
            set.CheckNotDisposed();
            set.CheckMovable();
            sets.Add(set);
        }
        foreach (var (_, child) in module.named_children()) Check(child, sets);
    }

    /// <summary>Converts or moves a child module.</summary>
    public static void To(torch.nn.Module child, torch.ScalarType? type, torch.Device? device, bool nonBlocking)
    {
        switch (type, device)
        {
            case ({ } dtype, { } target):
                child.to(target, dtype, non_blocking: nonBlocking);
                break;
            case ({ } dtype, null):
                child.to(dtype, non_blocking: nonBlocking);
                break;
            case (null, { } target):
                child.to(target, non_blocking: nonBlocking);
                break;
        }
    }

    /// <summary>Converts the parameters that were registered by hand and are in no map.</summary>
    public static void Others(OrderedDict<string, Parameter> registered, ModuleMap map, Func<Parameter, Parameter> convert)
    {
        foreach (var (name, parameter) in registered.ToArray<(string, Parameter)>())
        {
            if (map.Parameters.Any(entry => entry.Name == name)) continue;
            var moved = convert(parameter);
            if (ReferenceEquals(moved, parameter)) continue;
            registered[name] = moved;
            parameter.Dispose();
        }
    }

    /// <summary>Converts buffers, those outside the state dictionary too, which TorchSharp leaves behind.</summary>
    public static void Buffers(OrderedDict<string, (torch.Tensor, bool)> registered, Func<torch.Tensor, torch.Tensor> convert)
    {
        foreach (var (name, (buffer, persistent)) in registered.ToArray<(string, (torch.Tensor, bool))>())
        {
            var moved = convert(buffer);
            if (!ReferenceEquals(moved, buffer)) registered[name] = (moved, persistent);
        }
    }

    private sealed class Conversion : IDisposable
    {
        private readonly IReadOnlyList<ParameterSet> _sets;
        private readonly long _placements;
        private readonly GateHold _closed;
        private readonly bool _isOuter;

        private readonly ModelSession _session;

        public Conversion(List<ParameterSet> sets)
        {
            (_sets, _session) = (sets, new ModelSession("a conversion") { IsConversion = true });
            _closed = Neighbours.Close(sets, $"A conversion of {sets[0].Map.Type}", CancellationToken.None);

            // Modules below do the same, one by one: the outermost counts for all.
            _isOuter = _closed.IsOutermost;
            _placements = Placements();
            if (!_isOuter) return;
            try
            {
                lock (ModelSession.Gate)
                {
                    // Something may have begun while readers were waited for.
                    foreach (var set in sets)
                    {
                        set.CheckNotDisposed();
                        set.CheckMovable();
                    }
                    foreach (var set in sets) set.Session = _session;
                }
            }
            catch
            {
                _closed.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            if (_isOuter && Placements() != _placements) Neighbours.Changed(_sets, isOtherWeights: false);
            lock (ModelSession.Gate)
            {
                foreach (var set in _sets.Where(set => ReferenceEquals(set.Session, _session))) set.Session = null;
                _session.HasEnded = true;
            }
            _closed.Dispose();
        }

        private long Placements() => _sets.Sum(set => set.Placements);
    }
}
