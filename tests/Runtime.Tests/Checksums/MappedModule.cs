using System.Collections.Immutable;
using Lanyard.Layouts;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard.Tests.Checksums;

/// <summary>A module with one parameter of any layout, its map made by hand, for one rank of three that share the indices of one axis.</summary>
internal sealed class MappedModule : IParameterModule
{
    private readonly Set _set;

    public MappedModule(string parameter, IEnumerable<LayoutSource> sources, ImmutableArray<Axis> axes, string? shared = null, int rank = 0, torch.ScalarType type = torch.ScalarType.Float32)
    {
        _set = new Set(axes, new ModuleMap
        {
            Type = nameof(MappedModule),
            Axes = [.. axes.Select(axis => new AxisEntry(axis.Name, axis.Name == shared ? Shard.Expert : Shard.None, false, axis.Labels))],
            Ignores = [new IgnoreEntry("**", Optional: true)],
            Parameters = [new ParameterEntry(0, "Weight", "weight", parameter, [.. sources.Select(source => new CheckpointSource(source.Name, source.Pattern, source.Part))])],
        });
        _set.Create(new Topology(0, 1, rank, 3), type, torch.CPU);
    }

    public ParameterSet Parameters => _set;

    private sealed class Set(ImmutableArray<Axis> axes, ModuleMap map) : ParameterSet(map)
    {
        protected override void Assign(int index, Parameter value) => Accept(index, value);

        protected override long SizeOf(int axis) => axes[axis].Size;

        protected override void Run(int postLoad) => throw new NotSupportedException();
    }
}
