using Lanyard.Layouts;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Layouts;

/// <summary>One rank of a declaration, as a class would be generated for it.</summary>
internal sealed class HybridRank : ParameterSet, IParameterModule, IDisposable
{
    private readonly HybridCase _case;
    private Parameter? _value;

    public HybridRank(HybridCase golden, Topology topology, ScalarType type)
        : base(new ModuleMap
        {
            Type = golden.Name,
            Axes = golden.Declared,
            Parameters = [new ParameterEntry(0, "Weight", "weight", golden.Loader.Parameter, [.. golden.Sources.Select(source => new CheckpointSource(source.Name, source.Pattern, source.Part))])],
        })
    {
        _case = golden;
        Create(topology, type, CPU);
    }

    ParameterSet IParameterModule.Parameters => this;

    public Parameter Value => Read(0, _value);

    public void Dispose() => _value?.Dispose();

    protected override void Assign(int index, Parameter value) => _value = Accept(index, value);

    protected override long SizeOf(int axis) => _case.Axes[Map.Axes[axis].Name];

    protected override void Run(int postLoad) => throw new InvalidOperationException();
}
