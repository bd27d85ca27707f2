using Lanyard.Layouts;
using Lanyard.Tests.Layouts;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Parts;

/// <summary>The one parameter of a <see cref="RandomLayout"/> on one rank, with axes that are divided as a topology says instead of at random.</summary>
internal sealed class ArrangedParameters : ParameterSet, IParameterModule, IDisposable
{
    private readonly IReadOnlyList<Axis> _layout;
    private Parameter? _value;

    /// <exception cref="ArgumentException">The topology does not divide an axis.</exception>
    public ArrangedParameters(RandomLayout layout, IEnumerable<AxisEntry> axes, Topology topology)
        : base(new ModuleMap
        {
            Type = "Arranged",
            Axes = [.. axes],

            // Of some tensors the parameter reads a part.
            Ignores = [new IgnoreEntry("**", Optional: true)],
            Parameters = [new ParameterEntry(0, "Weight", "weight", layout.Parameter, [.. layout.Sources.Select(source => new CheckpointSource(source.Name, source.Pattern, source.Part) { Repeat = source.Repeat })])],
        })
    {
        _layout = layout.Axes;
        Create(topology, ScalarType.Float32, CPU);
    }

    ParameterSet IParameterModule.Parameters => this;

    public Parameter Value => Read(0, _value);

    public void Dispose() => _value?.Dispose();

    protected override void Assign(int index, Parameter value) => _value = Accept(index, value);

    protected override long SizeOf(int axis) => _layout[axis].Size;

    protected override void Run(int postLoad) => throw new InvalidOperationException();
}
