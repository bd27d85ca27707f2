using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Ranks;

/// <summary>One rank of a <see cref="RandomModel"/>.</summary>
internal sealed class RandomRank : ParameterSet, IParameterModule, IDisposable
{
    private readonly RandomModel _model;
    private readonly Parameter?[] _values;

    /// <param name="model">The model.</param>
    /// <param name="topology">The rank.</param>
    /// <param name="map">Another class over the same tensors; null for the model's own.</param>
    public RandomRank(RandomModel model, Topology topology, ModuleMap? map = null)
        : base(map ?? model.Map)
    {
        (_model, _values) = (model, new Parameter?[Map.Parameters.Length]);
        Create(topology, ScalarType.Float32, CPU);
    }

    ParameterSet IParameterModule.Parameters => this;

    /// <summary>The same rank with whole tensors written to it.</summary>
    public RandomRank Loaded(Dictionary<string, Tensor> weights)
    {
        using var refit = ((IParameterModule)this).BeginRefit();
        refit.Write(weights);
        refit.Commit();
        return this;
    }

    public void Dispose()
    {
        foreach (var value in _values) value?.Dispose();
    }

    protected override void Assign(int index, Parameter value) => _values[index] = Accept(index, value);

    protected override long SizeOf(int axis) => _model.Sizes[Map.Axes[axis].Name];

    protected override void Run(int postLoad) => throw new InvalidOperationException();
}
