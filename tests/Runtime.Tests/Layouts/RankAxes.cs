using System.Collections.Immutable;
using Lanyard.Layouts;
using TorchSharp.Modules;

namespace Lanyard.Tests.Layouts;

/// <summary>A module that declares axes and nothing else: what a rank holds of them is the runtime's answer.</summary>
internal sealed class RankAxes : ParameterSet
{
    private readonly ImmutableArray<long> _sizes;

    private RankAxes(ImmutableArray<AxisEntry> entries, ImmutableArray<long> sizes) : base(new ModuleMap { Type = "Sample", Axes = entries }) =>
        _sizes = sizes;

    /// <summary>The axes of a rank.</summary>
    /// <param name="sizes">The sizes: <c>out = 8, in = 6</c>.</param>
    public static ImmutableArray<Axis> Of(IReadOnlyList<AxisEntry> entries, string sizes, Topology topology)
    {
        var sized = AxisText.Parse(sizes).ToDictionary(axis => axis.Name, axis => axis.Size);
        var set = new RankAxes([.. entries], [.. entries.Select(entry => entry.Labels.IsEmpty ? sized[entry.Name] : entry.Labels.Length)]);
        set.Create(topology, TorchSharp.torch.ScalarType.Float32, null!);
        return set.Axes;
    }

    protected override long SizeOf(int axis) => _sizes[axis];

    protected override void Assign(int index, Parameter value) => throw new InvalidOperationException();

    protected override void Run(int postLoad) => throw new InvalidOperationException();
}
