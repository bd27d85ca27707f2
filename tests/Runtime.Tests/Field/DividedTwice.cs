using System.Collections.Immutable;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>A matrix whose map, made by hand, divides both axes; a class that says so does not compile.</summary>
internal sealed class DividedTwice(int rows, int columns) : ParameterSet(new ModuleMap
{
    Type = nameof(DividedTwice),
    Axes = [new AxisEntry("out", Shard.Tensor, false, []), new AxisEntry("in", Shard.Tensor, true, [])],
    Parameters = [new ParameterEntry(0, "Weight", "weight", "out in", [new CheckpointSource("weight", "out in")])],
})
{
    private ImmutableArray<long> _shape = [];

    public long[] Create(Topology topology)
    {
        Create(topology, ScalarType.Float32, CPU);
        return [.. _shape];
    }

    protected override void Assign(int index, Parameter value)
    {
        _shape = [.. value.shape];
        Accept(index, value).Dispose();
    }

    protected override long SizeOf(int axis) => axis == 0 ? rows : columns;
}
